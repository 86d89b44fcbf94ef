import { refuse } from '../schema/problems.ts'
import type { Behaviour, Work } from './context.ts'
import { createDirectoryFor } from './directories.ts'
import { presets } from './presets.ts'
import { insertSigningKey } from './tokens/signing-keys.ts'
import { generateLabel } from './web-configs/labels.ts'

/** contract/rest.md 4 */
export const applications: Behaviour<'application'> = {
  async creating(work, application) {
    application.authorizedOriginUris = withOwnOrigin(work, application.authorizedOriginUris)
  },

  async updating(work, _before, values) {
    if (values.authorizedOriginUris) values.authorizedOriginUris = withOwnOrigin(work, values.authorizedOriginUris)
  },

  async partValues({ tx, context }, application) {
    const tenant = await tx.get('tenant', context.tenant, context.tenant)
    const { oAuthPolicy, webConfig } = presets[tenant?.preset ?? 'modern']
    return {
      oAuthPolicy: { ...oAuthPolicy, application: application.id },
      accountLinkingPolicy: { application: application.id },
      webConfig: {
        ...webConfig,
        dnsLabel: generateLabel(),
        signingApiKey: context.actor.kind === 'apiKey' ? context.actor.id : null,
        application: application.id,
      },
    }
  },

  async created(work, application, { options }) {
    await insertSigningKey(work, application.id, work.now)
    if (!options?.createDirectory) return
    await createDirectoryFor(work, { ...application, resource: 'application' }, options.createDirectory, options)
    // The mapping set the application's default links.
    Object.assign(application, await work.tx.get('application', work.context.tenant, application.id))
  },

  async deleting(work, application) {
    const tenant = await work.tx.get('tenant', work.context.tenant, work.context.tenant)
    if (tenant?.consoleApplication === application.id) {
      refuse('protectedResource', { resource: 'application', name: application.name })
    }
  },
}

/** The service's own origin is always allowed: it stays when the list is replaced. */
function withOwnOrigin({ services }: Work, origins: readonly string[]): string[] {
  return origins.includes(services.origin) ? [...origins] : [services.origin, ...origins]
}
