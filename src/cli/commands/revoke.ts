import type { Engine } from '../../core/engine.ts'
import type { Scope } from '../../core/ports.ts'
import { Problem } from '../../schema/problems.ts'
import { Mistake } from '../../server/mistake.ts'
import { contextOf } from '../../server/operator.ts'
import { print } from '../print.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

const usage = 'latchkey revoke --account ID | --application ID | --tenant ID | --all | --api-key ID'

/**
 * `latchkey revoke`: ends sessions with all their tokens, or disables an API key, beside a running service. Guards that ask
 * the service see it with their next request, those that verify by themselves within `web.revocationDelay`.
 */
export async function revoke(flags: Flags): Promise<void> {
  const named = ['account', 'application', 'tenant', 'all', 'apiKey'].filter((name) => flags[name] !== undefined)
  const [what] = named
  if (named.length !== 1 || what === undefined) throw new Mistake('revoke takes one of its options', usage, 'usage')
  const id = String(flags[what])
  await withEngine(flags, async (engine) => {
    if (what === 'apiKey') return disable(engine, id)
    const ended = await endSessions(engine, what, id)
    print(`${ended} session(s) ended`)
  })
}

async function endSessions(engine: Engine, what: string, id: string): Promise<number> {
  const tenants = await engine.services.store.tenants()
  if (what === 'tenant' && !tenants.includes(id)) throw unknown(what, id)
  let ended = 0
  let isKnown = what === 'tenant' || what === 'all'
  for (const tenant of what === 'tenant' ? [id] : tenants) {
    const context = contextOf(tenant)
    const isHere = what === 'account' || what === 'application' ? await engine.read(context, what, id) : undefined
    isKnown ||= isHere !== undefined
    if (!isHere && what !== 'tenant' && what !== 'all') continue
    const scope: Scope = isHere ? { by: what, id } : { by: 'tenant', id: tenant }
    ended += await engine.clear(context, 'session', scope)
  }
  if (!isKnown) throw unknown(what, id)
  return ended
}

async function disable(engine: Engine, id: string): Promise<void> {
  const standing = await engine.apiKeyStanding(id)
  if (!standing) throw unknown('API key', id)
  const { tenant } = standing.key
  await engine.update(contextOf(tenant), 'apiKey', id, { values: { status: 'DISABLED' } }).catch((error: unknown) => {
    throw Problem.is(error, 'notFound') ? unknown('API key', id) : error
  })
  print(`the API key ${id} is disabled`)
}

const unknown = (what: string, id: string): Mistake => new Mistake(`there is no ${what} ${id}`, usage, 'data')
