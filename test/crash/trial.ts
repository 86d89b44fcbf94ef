import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningService, type ServiceOptions, startService } from '../support/service.ts'

/** What a client knows of one write: answered, refused, or cut off (then it may have happened, wholly, or not). */
export interface Written {
  kind: 'account' | 'group' | 'membership' | 'customData'
  outcome: 'acknowledged' | 'unknown'
  id?: string
  /** Names the thing in the store when the answer, and with it the id, was lost. */
  mark: string
}

export interface Trial {
  writes: Written[]
  service: ServiceOptions
}

const WRITERS = 32
/** A bcrypt hash to import, so that no time goes into hashing: this is about the store. */
const IMPORTED = '$2a$04$abcdefghijklmnopqrstuuQ0CWYmFf1SP1rU8I3O3YrZWQYv8gwqu'

/** Small, seeded, so that a failing trial can be run again (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Starts the service `kills` times on the same store, lets 32 clients write, and kills it with SIGKILL 100 to 400 ms
 * into their work, on a slow machine when something of it was acknowledged. Returns all that the clients saw.
 */
export async function killUnderLoad(service: ServiceOptions, kills: number, seed: number): Promise<Trial> {
  const random = createRandom(seed)
  const writes: Written[] = []
  let directory: string | undefined
  for (let round = 0; round < kills; round++) {
    const running = await startService(service)
    directory ??= await createDirectory(running)
    const stop = new AbortController()
    const clients = Array.from({ length: WRITERS }, (_, writer) =>
      write(running, directory as string, `${seed}-${round}-${writer}`, writes, stop.signal),
    )
    const before = acknowledged(writes)
    await sleep(100 + Math.floor(random() * 300))
    while (acknowledged(writes) < before + WRITERS && running.process.exitCode === null) await sleep(10)
    await running.kill()
    stop.abort()
    await Promise.all(clients)
  }
  return { writes, service }
}

const acknowledged = (writes: readonly Written[]) => writes.filter(({ outcome }) => outcome === 'acknowledged').length

/** Stored, not only answered: a weakened build may answer first, and the trial is about what comes after. */
async function createDirectory(service: RunningService): Promise<string> {
  const { body } = await post(service, `${service.url}/v1/directories`, { name: 'Crash trial' })
  const href = body.href as string
  while (!(await fetch(href, { headers: { authorization: service.authorization } })).ok) await sleep(10)
  return href
}

/** One client: account with custom data, group, membership, custom data again, until the service is gone. */
async function write(
  service: RunningService,
  directory: string,
  name: string,
  writes: Written[],
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const mark = `w-${name}-${turn}`
    const attempt = async (kind: Written['kind'], url: string, body: object) => {
      const entry: Written = { kind, outcome: 'unknown', mark }
      writes.push(entry)
      const answer = await post(service, url, body)
      if (answer.status >= 300) throw new Error(`${kind} was refused: ${JSON.stringify(answer.body)}`)
      entry.outcome = 'acknowledged'
      entry.id = idOf(answer.body.href as string)
      return answer.body.href as string
    }
    try {
      const account = await attempt('account', `${directory}/accounts?passwordFormat=mcf`, {
        email: `${mark}@example.com`,
        password: IMPORTED,
        customData: { mark },
      })
      const group = await attempt('group', `${directory}/groups`, { name: mark })
      await attempt('membership', `${service.url}/v1/groupMemberships`, {
        account: { href: moved(account, service) },
        group: { href: moved(group, service) },
      })
      await attempt('customData', `${moved(account, service)}/customData`, { second: mark })
    } catch (error) {
      if (service.process.exitCode === null && service.process.signalCode === null && !isCutOff(error)) throw error
      return
    }
  }
}

/** Hrefs carry the port of the start that made them; the same path is meant. */
const moved = (href: string, service: RunningService) => service.url + new URL(href).pathname
const idOf = (href: string) =>
  href.replace(/\/customData$/, '').slice(href.replace(/\/customData$/, '').lastIndexOf('/') + 1)
const isCutOff = (error: unknown) => error instanceof TypeError

async function post(
  service: RunningService,
  url: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(moved(url, service) + new URL(url).search, {
    method: 'POST',
    headers: { authorization: service.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
