import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Behaviour, Work } from '../context.ts'

/** contract/rest.md 21.1: what is offered has a name, and tokens are signed by administrators alone. */
export const webConfigs: Behaviour<'webConfig'> = {
  async updating(work, before, values) {
    const after: Entity<'webConfig'> = { ...before, ...values }
    if (values.dnsLabel !== undefined && values.dnsLabel !== null) await refuseConsole(work, after, 'dnsLabel')
    if (after.status === 'ENABLED') {
      await refuseConsole(work, after, 'status')
      if (after.dnsLabel === null)
        refuse('invalid', { property: 'dnsLabel', reason: 'an enabled Client API needs one' })
    }
    if (values.signingApiKey) await requireAdministrator(work, values.signingApiKey)
  },
}

/** Administrators log in by no API that is open to everybody. */
async function refuseConsole({ tx, context }: Work, { id }: Entity<'webConfig'>, property: string): Promise<void> {
  const tenant = await tx.get('tenant', context.tenant, context.tenant)
  if (tenant?.consoleApplication === id) {
    refuse('invalid', { property, reason: 'the application of administrators has no domain and no Client API' })
  }
}

async function requireAdministrator({ tx, context }: Work, id: string): Promise<void> {
  const standing = await tx.apiKeyStanding(id)
  if (standing?.key.tenant === context.tenant && standing.administrator) return
  refuse('invalid', { property: 'signingApiKey', reason: 'it is no enabled API key of an administrator' })
}
