import { requireBaseUrl } from '../../server/config.ts'
import { requireTenant } from '../../server/operator.ts'
import { issueOwnerLink } from '../../server/owner-link.ts'
import { print, remark } from '../print.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

/** `latchkey owner-link`: the link alone on standard output. */
export async function ownerLink(flags: Flags): Promise<void> {
  await withEngine(flags, async (engine, settings) => {
    requireBaseUrl(settings)
    print(await issueOwnerLink(engine, await requireTenant(engine.services)))
    remark('It works once, for 24 hours.')
  })
}
