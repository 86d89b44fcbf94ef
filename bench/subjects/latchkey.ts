import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Context, StoreName } from '../claim.ts'
import { type RequestParts, toRequest } from '../measure/load.ts'
import { type Service, startService } from './service.ts'

export const PASSWORD = 'plum harbour seventeen'

/** `latchkey serve` as a process of its own, with an application to log in to. */
export interface Latchkey extends AsyncDisposable {
  readonly service: Service
  readonly pid: number
  readonly port: number
  /** Paths on the service. */
  readonly application: string
  readonly directory: string
  /** Where its data lies when not on SQLite. */
  readonly databaseUrl: string | undefined
  /** The id of its tenant. */
  tenant(): Promise<string>
  /** The bytes of a request with the key's Basic credentials. */
  request(parts: RequestParts): Buffer
  /** Makes one through the API. */
  create(path: string, body: unknown): Promise<{ href: string }>
  /** Accounts with `PASSWORD`; their e-mail addresses and paths. */
  createAccounts(count: number): Promise<{ email: string; path: string }[]>
  stop(): Promise<unknown>
}

/** What starting one takes of a run. */
export type Surroundings = Pick<Context, 'folder'> & Partial<Pick<Context, 'postgres' | 'flags'>>

export async function startLatchkey(context: Surroundings, store: StoreName): Promise<Latchkey> {
  const env: Record<string, string> = {}
  if (store === 'postgres') {
    if (!context.postgres) throw new Error('there is no PostgreSQL here')
    const database = await (await context.postgres()).createDatabase()
    env.LATCHKEY_DATABASE_URL = database.url
  }
  const profile = context.flags?.profile
  const nodeArgs = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const service = await startService({ data: mkdtempSync(join(context.folder('latchkey'), 'data-')), env, nodeArgs })
  try {
    return await prepare(service, env.LATCHKEY_DATABASE_URL)
  } catch (error) {
    await service.stop()
    throw error
  }
}

async function prepare(service: Service, databaseUrl: string | undefined): Promise<Latchkey> {
  const { url, port, pid, key } = service
  const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`
  const call = async (path: string, body?: unknown): Promise<{ href: string; [key: string]: unknown }> => {
    const response = await fetch(`${url}${path}`, {
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${text}`)
    return JSON.parse(text)
  }
  const pathOf = (href: string) => new URL(href).pathname
  const made = await call('/v1/applications?createDirectory=true', { name: 'Bench' })
  const application = pathOf(made.href)
  const mappings = (await call(`${application}/accountStoreMappings`)) as unknown as {
    items: { accountStore: { href: string } }[]
  }
  const directory = pathOf(mappings.items[0]?.accountStore.href as string)
  const stop = () => service.stop()
  return {
    service,
    pid,
    port,
    application,
    directory,
    databaseUrl,
    tenant: async () =>
      pathOf((await call('/v1/tenants/current')).href)
        .split('/')
        .at(-1) as string,
    request: (parts) => toRequest(port, { ...parts, headers: { authorization, ...parts.headers } }),
    create: call,
    async createAccounts(count) {
      const accounts: { email: string; path: string }[] = []
      const one = async () => {
        const email = uniqueEmail()
        const { href } = await call(`${directory}/accounts?registrationWorkflowEnabled=false`, newAccount(email))
        accounts.push({ email, path: pathOf(href) })
      }
      const callers = availableParallelism() * 2
      for (let done = 0; done < count; done += callers) {
        await Promise.all(Array.from({ length: Math.min(callers, count - done) }, one))
      }
      return accounts
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

export const uniqueEmail = (): string => `someone-${randomBytes(8).toString('hex')}@example.com`

export const newAccount = (email: string) => ({
  email,
  username: email.slice(0, email.indexOf('@')),
  givenName: 'Ada',
  surname: 'Lovelace',
  password: PASSWORD,
})
