import { sameSecret } from '../../crypto/compare.ts'
import {
  genericTypes,
  mirrorTypes,
  type ProviderType,
  providerTypes,
  socialTypes,
} from '../../resources/provider-types.ts'
import { type Entity, registry } from '../../resources/registry.ts'
import { variantsOf } from '../../schema/attribute.ts'
import { refuse } from '../../schema/problems.ts'
import type { Resource } from '../../schema/resource.ts'
import type { Behaviour, Context, PartDraft, Services } from '../context.ts'
import type { ProviderSettings } from '../ports.ts'
import { type Preset, presets } from '../presets.ts'
import { kinds, type MirrorType } from './kinds.ts'
import { checkMappingRules } from './mapping-rules.ts'

type Provider = Entity<'provider'>
type Values = Partial<Provider>

/** Kinds of mirror directories that are not made yet. */
const UNSUPPORTED = ['saml', 'ldap', 'ad']

/** contract/rest.md 6.3. Made with its directory; what kind it is stays. */
export const providers: Behaviour<'provider'> = {
  async prepareUpdate(services, context, before, { values }) {
    const { providerId, providerType: type } = before
    if (values.providerId !== undefined && values.providerId.toLowerCase() !== providerId.toLowerCase()) {
      refuse(type === 'stormpath' ? 'providerConversion' : 'providerFixed', {})
    }
    delete values.providerId
    dropForeign(type, values, before)
    if (!isMirrorType(type)) return
    for (const name of kinds[type].required) {
      if (values[name] === null) refuse('required', { resource: 'provider', property: name })
    }
    if (values.scope) values.scope = await withDefaultScopes(services, context, type, values.scope)
    if (typeof values.clientSecret === 'string') {
      if (sameSecret(values.clientSecret, clientSecretOf(services, before))) delete values.clientSecret
      else values.clientSecret = seal(services, context, before.id, values.clientSecret)
    }
  },
}

/** contract/rest.md 6.4 */
export const userInfoMappingRules: Behaviour<'userInfoMappingRules'> = {
  async prepareUpdate(_services, _context, _before, { values }) {
    if (values.items) checkMappingRules(values.items)
  },
}

/**
 * The provider that a new directory asks for, ready to be inserted; undefined for a Cloud directory.
 * @throws Problem required | unsupportedValue | invalid | propertyUnsupported and those of mapping rules
 */
export async function prepareProvider(
  services: Services,
  context: Context,
  directory: string,
  draft: PartDraft | undefined,
): Promise<(PartDraft & { values: Values }) | undefined> {
  if (!draft) return undefined
  const values: Values = { ...draft.values }
  const { providerId, providerType: type } = identityOf(values)
  dropForeign(type, values)
  if (!isMirrorType(type)) return undefined
  for (const name of kinds[type].required) {
    if (values[name] === undefined) refuse('required', { resource: 'provider', property: name })
  }
  const rules = draft.parts?.userInfoMappingRules?.values.items
  if (rules) checkMappingRules(rules as Entity<'userInfoMappingRules'>['items'])
  const scope = await withDefaultScopes(services, context, type, values.scope ?? [])
  const clientSecret = seal(services, context, directory, values.clientSecret as string)
  return { ...draft, values: { ...values, id: directory, providerId, providerType: type, scope, clientSecret } }
}

/** The secret of the client, for whoever may see it or speaks with the provider. */
export function clientSecretOf({ seal }: Pick<Services, 'seal'>, { tenant, id, clientSecret }: Provider): string {
  return clientSecret === null ? '' : String(seal.open(clientSecret, place(tenant, id)))
}

/** The secret where representations carry it, as they always did; otherwise it is written and never read (decisions/0031). */
export async function shownClientSecretOf(
  services: Pick<Services, 'store' | 'seal'>,
  provider: Provider,
): Promise<string | undefined> {
  const { showsClientSecrets } = await defaultsOf(services, provider.tenant)
  return showsClientSecrets && provider.clientSecret !== null ? clientSecretOf(services, provider) : undefined
}

async function defaultsOf({ store }: Pick<Services, 'store'>, tenant: string): Promise<(typeof presets)[Preset]> {
  return presets[(await store.get('tenant', tenant, tenant))?.preset ?? 'modern']
}

/** What whoever speaks with the provider needs to know. */
export function toSettings(services: Pick<Services, 'seal'>, provider: Provider): ProviderSettings {
  const { providerType, clientId, ...rest } = provider
  return {
    ...rest,
    type: providerType as MirrorType,
    clientId: clientId ?? '',
    clientSecret: clientSecretOf(services, provider),
  }
}

const place = (tenant: string, row: string) => ({ tenant, table: 'provider', row, column: 'clientSecret' })

function seal(services: Services, { tenant }: Context, directory: string, secret: string): string {
  return services.seal.seal(secret, place(tenant, directory))
}

const isMirrorType = (type: ProviderType): type is MirrorType => mirrorTypes.some((each) => each === type)

/** The name of a known provider is its type; any other is one of your own. */
function identityOf({ providerId = 'stormpath', providerType, discoveryUrl }: Values): {
  providerId: string
  providerType: ProviderType
} {
  const word = providerId.toLowerCase()
  if (UNSUPPORTED.includes(word)) {
    refuse('unsupportedValue', {
      property: 'providerId',
      supported: ['stormpath', ...socialTypes, 'a name of your own'],
    })
  }
  const known = providerTypes.find((each) => each === word && !genericTypes.some((generic) => generic === each))
  const type = known ?? providerType ?? (discoveryUrl ? 'oidc' : 'oauth2')
  const fits = known ? (providerType ?? known) === known : genericTypes.some((each) => each === type)
  if (!fits) refuse('invalid', { property: 'providerType', reason: `it does not go with the providerId ${providerId}` })
  return { providerId: known ?? providerId, providerType: type }
}

/** What another kind of provider has is refused; what says nothing, or what it was, is passed over. */
function dropForeign(type: ProviderType, values: Values, before: Values = {}): void {
  const { attributes }: Resource = registry.provider
  for (const [name, attribute] of Object.entries(attributes)) {
    const key = name as keyof Provider
    if (values[key] === undefined || (variantsOf(attribute)?.includes(type) ?? true)) continue
    const says = values[key] !== null && !(Array.isArray(values[key]) && values[key].length === 0)
    if (says && values[key] !== before[key])
      refuse('propertyUnsupported', { property: name, where: `providers of type ${type}` })
    delete values[key]
  }
}

async function withDefaultScopes(
  services: Services,
  { tenant }: Context,
  type: MirrorType,
  scope: readonly string[],
): Promise<string[]> {
  const { providerScopes } = await defaultsOf(services, tenant)
  return [...new Set([...providerScopes[type], ...scope])]
}
