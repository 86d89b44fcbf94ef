import { once } from 'node:events'
import { type Anchor, verifyChain } from '../../core/events/verify-chain.ts'
import type { LoggedEvent, Store } from '../../core/ports.ts'
import { Mistake } from '../../server/mistake.ts'
import { requireTenant } from '../../server/operator.ts'
import { toIso } from '../../std/iso.ts'
import { print } from '../print.ts'
import { createProgress } from '../progress.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

const AT_ONCE = 1000

/** `latchkey audit verify`: goes along the chains of all logs; what does not fit ends it with the code for bad data. */
export async function verify(flags: Flags): Promise<void> {
  const anchors = parseAnchors((flags.head as string[] | undefined) ?? [])
  await withEngine(flags, async ({ services }) => {
    await requireTenant(services)
    const { store } = services
    const tenants = await store.tenants()
    const stranger = [...anchors.keys()].find((tenant) => !tenants.includes(tenant))
    if (stranger !== undefined) throw new Mistake(`there is no tenant ${stranger}`, 'latchkey audit verify', 'data')
    const progress = createProgress('events verified', await sizeOf(store, tenants))
    for (const tenant of tenants) {
      const anchor = anchors.get(tenant)
      const verdict = await verifyChain(services, tenant, { step: progress.step, ...(anchor && { anchor }) })
      const { fault, count, position, head } = verdict
      if (fault) {
        progress.end()
        throw new Mistake(
          `the log of tenant ${tenant} was tampered with: ${words[fault.fault]} at position ${fault.position}`,
          'keep this database as it is, and compare it with a backup (latchkey audit export)',
          'data',
        )
      }
      progress.end()
      print(`${tenant}: ${count} events are as they were written; head ${tenant}:${position}:${head}`)
    }
  })
}

const words = {
  changed: 'an event was changed or moved',
  missing: 'an event is missing',
  inserted: 'an event was put in',
  ends: 'the end of the chain was changed',
} as const

/** `latchkey audit export`: a line of JSON for each event, in the order of the log, to standard output. */
export async function exportEvents(flags: Flags): Promise<void> {
  await withEngine(flags, async ({ services }) => {
    const { store } = services
    await requireTenant(services)
    const tenants = await store.tenants()
    const progress = createProgress('events', await sizeOf(store, tenants))
    for (const tenant of tenants) {
      let after = (await store.chainState(tenant)).removed
      for (;;) {
        const page = await store.loggedEvents(tenant, after, AT_ONCE)
        const last = page.at(-1)
        if (!last) break
        after = last.position
        const lines = page.map((logged) => `${JSON.stringify(toLine(logged))}\n`)
        if (!process.stdout.write(lines.join(''))) await once(process.stdout, 'drain')
        for (const _ of page) progress.step()
      }
    }
    progress.end()
  })
}

/** As the API shows it, and whose it is; what is sealed of it stays behind. */
function toLine({ position, hash, event }: LoggedEvent) {
  return {
    tenant: event.tenant,
    position,
    id: event.id,
    createdAt: toIso(event.at),
    type: event.type,
    actorType: event.actor.kind,
    actorId: event.actor.id,
    targetType: event.resource.resource,
    targetId: event.resource.id,
    changed: event.changed,
    requestId: event.requestId,
    network: event.network ?? null,
    hash,
  }
}

/** Everything is numbered first. */
async function sizeOf(store: Store, tenants: readonly string[]): Promise<number> {
  let size = 0
  for (const tenant of tenants) {
    const position = await store.lastPosition(tenant)
    size += position - (await store.chainState(tenant)).removed
  }
  return size
}

/** `tenant:position:hash`, as an earlier verification printed them. */
function parseAnchors(texts: readonly string[]): Map<string, Anchor> {
  return new Map(
    texts.map((text) => {
      const [, tenant, position, hash] = /^(\w+):\s*(\d{1,15}):([\w-]{43})$/.exec(text) ?? []
      if (tenant === undefined || hash === undefined) {
        throw new Mistake(`--head ${text} is none`, 'latchkey audit verify --head <tenant>:<position>:<hash>', 'usage')
      }
      return [tenant, { position: Number(position), hash }]
    }),
  )
}
