import type { Ref } from '../core/ports.ts'
import { scopeOf } from '../core/scope-of.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import type { Part, ToMany, ToOne } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import type { LightResponse } from '../std/exchange.ts'
import { parseSecretParams, revealApiKeys, type SecretParams } from './api-key-secrets.ts'
import { type Call, paramOf } from './call.ts'
import { criteriaOf, orderOf, toCollection } from './collection.ts'
import { etagOf } from './conditional.ts'
import { presentCustomData } from './custom-data-of-many.ts'
import { type Expansion, parseExpand } from './expand.ts'
import { revealProviderData, revealProviders } from './providers.ts'
import { toTarget } from './representation.ts'
import { revealTokens } from './tokens.ts'
import { revealVerificationTokens } from './verification-tokens.ts'
import { revealDomainNames } from './web-configs.ts'
import { revealWebhooks } from './webhook-secrets.ts'

/** How the resources of one answer are to be shown. */
export interface View {
  expansions: readonly Expansion[]
  secrets: SecretParams
}

/** JSON texts of expanded links by name, of one entity. */
type Expanded = Map<string, string>

/** Opens the sealed attributes of entities of one kind, or makes the derived ones: texts by attribute, for each entity. */
type Reveal = (
  call: Call,
  entities: readonly Entity[],
  params: SecretParams,
) => Promise<readonly ReadonlyMap<string, string>[]>

/** The kinds of resource that show something sealed. */
const reveals: Partial<Record<string, Reveal>> = {
  apiKey: revealApiKeys as Reveal,
  accessToken: revealTokens('access'),
  refreshToken: revealTokens('refresh'),
  account: revealVerificationTokens as Reveal,
  webConfig: revealDomainNames as Reveal,
  webhook: revealWebhooks as Reveal,
  provider: revealProviders as Reveal,
  providerData: revealProviderData as Reveal,
}

/**
 * What the query string says about showing resources of one kind; checked before anything is done.
 *
 * @throws Problem queryValueInvalid | queryValueMissing | queryRepeated | notExpandable
 */
export function viewOf(call: Call, resource: Resource, expand = paramOf(call, 'expand')): View {
  const expansions = parseExpand(resource, expand)
  const shown = [resource.name, ...expansions.flatMap(({ link }) => targetsOf(link))]
  const showsSecrets = shown.includes('apiKey') || shown.includes('webhook')
  return { expansions, secrets: parseSecretParams(call, showsSecrets) }
}

/** Whether an answer is made of one row alone, whose tag stands for it. */
export const hasTag = ({ expansions, secrets }: View): boolean => expansions.length === 0 && secrets === 'clear'

/** The answer with the entity tag of what it shows, where it has one. */
export function tagged(answer: LightResponse, { modifiedAt }: { modifiedAt: number }, view: View): LightResponse {
  if (hasTag(view)) answer.headers.ETag = etagOf(modifiedAt)
  return answer
}

/** Whether something sealed is to be opened; of accounts, few have anything. */
function hasSecrets(resource: ResourceName, entity: Entity): boolean {
  if (resource === 'account') return (entity as Entity<'account'>).verificationToken !== null
  return reveals[resource] !== undefined
}

/** The JSON texts of entities of one kind, with secrets opened and links expanded as the view says. */
export async function present(
  call: Call,
  resource: ResourceName,
  entities: readonly Entity[],
  view: View,
): Promise<string[]> {
  const revealed = entities.some((entity) => hasSecrets(resource, entity))
    ? await reveals[resource]?.(call, entities, view.secrets)
    : undefined
  const expanded = view.expansions.length > 0 ? await expandLinks(call, resource, entities, view) : undefined
  return entities.map((entity, index) =>
    call.representations.represent(resource, entity, {
      revealed: revealed?.[index],
      expanded: expanded?.[index],
    }),
  )
}

/** One entity's JSON text. */
export async function presentOne(call: Call, resource: ResourceName, entity: Entity, view: View): Promise<string> {
  if (view.expansions.length === 0 && !hasSecrets(resource, entity))
    return call.representations.represent(resource, entity)
  const [text] = await present(call, resource, [entity], view)
  return text as string
}

/** The JSON text of one page of a collection link. */
export async function presentMembers(
  call: Call,
  owner: Ref,
  name: string,
  link: Pick<ToMany, 'source' | 'target' | 'order'>,
  page: { offset: number; limit: number },
  secrets: SecretParams,
): Promise<string> {
  const resource = link.target as ResourceName
  const found = {
    resource,
    scope: scopeOf(link, owner),
    criteria: criteriaOf(link),
    orderBy: orderOf(link),
    ...page,
  }
  const { items, size } = await call.engine.list(call.context, found)
  const texts = await present(call, resource, items, { expansions: [], secrets })
  const href = `${call.representations.hrefOf(owner.resource, owner.id)}/${name}`
  return toCollection({ href, ...page, size, items: texts })
}

/** Expansions of all entities together, so that what they share is read once (contract/rest.md 1.11). */
async function expandLinks(
  call: Call,
  resource: ResourceName,
  entities: readonly Entity[],
  view: View,
): Promise<Expanded[]> {
  const expanded: Expanded[] = entities.map(() => new Map())
  await Promise.all(
    view.expansions.map(async ({ name, link, offset, limit }) => {
      const texts = await textsOf(link, name, { offset, limit })
      for (const [index, text] of texts.entries()) if (text !== undefined) expanded[index]?.set(name, text)
    }),
  )
  return expanded

  function textsOf(
    link: Expansion['link'],
    name: string,
    page: { offset: number; limit: number },
  ): Promise<(string | undefined)[]> {
    if (link.kind === 'one') return targets(call, entities, name, link, view)
    if (link.kind === 'part') return parts(call, resource, entities, link, view)
    return Promise.all(entities.map(({ id }) => presentMembers(call, { resource, id }, name, link, page, view.secrets)))
  }
}

/** What to-one links point at, each target read once; a target that is gone leaves its link as it is. */
async function targets(
  call: Call,
  entities: readonly Entity[],
  name: string,
  link: ToOne,
  { secrets }: View,
): Promise<(string | undefined)[]> {
  const refs = entities.map((entity) => toTarget((entity as Record<string, unknown>)[name], link.targets))
  const wanted = new Map<string, Ref>()
  for (const ref of refs) if (ref) wanted.set(keyOf(ref), ref)
  const texts = new Map<string, string>()
  await Promise.all(
    [...wanted.values()].map(async (ref) => {
      const target = await call.engine.read(call.context, ref.resource, ref.id)
      if (target) texts.set(keyOf(ref), await presentOne(call, ref.resource, target, { expansions: [], secrets }))
    }),
  )
  return refs.map((ref) => ref && texts.get(keyOf(ref)))
}

const keyOf = ({ resource, id }: Ref): string => `${resource}/${id}`

async function parts(
  call: Call,
  resource: ResourceName,
  entities: readonly Entity[],
  link: Part,
  { secrets }: View,
): Promise<(string | undefined)[]> {
  const target = registry[link.target as ResourceName] as Resource
  if (target.open) return presentCustomData(call, resource, entities)
  return Promise.all(
    entities.map(async ({ id }) => {
      const part = await call.engine.read(call.context, target.name as ResourceName, id)
      return part && presentOne(call, target.name as ResourceName, part, { expansions: [], secrets })
    }),
  )
}

function targetsOf(link: Expansion['link']): readonly string[] {
  return link.kind === 'one' ? link.targets : [link.target]
}
