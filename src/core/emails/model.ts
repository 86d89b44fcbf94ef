import { type Entity, type ResourceName, registry } from '../../resources/registry.ts'
import { isShown } from '../../schema/attribute.ts'
import type { Resource } from '../../schema/resource.ts'
import { toIso } from '../../std/iso.ts'
import { jsonNumberText, parseJson } from '../../std/json.ts'
import type { Services } from '../context.ts'
import type { QueuedMail, Ref } from '../ports.ts'

export interface Model {
  lookUp(name: string): string | undefined
  application: Entity<'application'> | undefined
}

/**
 * What the macros of one mail stand for (contract/rest.md 6.11): attributes that representations show, custom data, and
 * what comes with the mail. Nothing is read that no macro names.
 */
export async function createModel(
  services: Services,
  mail: QueuedMail,
  account: Entity<'account'>,
  names: ReadonlySet<string>,
  extra: Readonly<Record<string, string>>,
): Promise<Model> {
  const { store } = services
  const { tenant } = mail
  const [directory, policy, application] = await Promise.all([
    store.get('directory', tenant, account.directory),
    store.get('passwordPolicy', tenant, account.directory),
    applicationOf(services, mail, account),
  ])
  const customData = async (prefix: string, owner: Ref | undefined) =>
    owner && [...names].some((name) => name.startsWith(`${prefix}.customData.`))
      ? parseJson((await store.customData(owner, tenant))?.json ?? '{}', { maxDepth: 200 })
      : undefined
  const roots: [string, ResourceName, Entity | undefined][] = [
    ['account.directory', 'directory', directory],
    ['account', 'account', account],
    ['application', 'application', application],
  ]
  const trees = await Promise.all(
    roots.map(async ([prefix, resource, entity]) => ({
      prefix,
      shown: entity ? attributesOf(resource, entity) : new Map<string, string>(),
      customData: await customData(prefix, entity && { resource, id: entity.id }),
    })),
  )
  const own = new Map(Object.entries(extra))
  if (policy) own.set('expirationWindow', String(policy.resetTokenTtl))

  return {
    application,
    lookUp(name) {
      const tree = trees.find(({ prefix }) => name.startsWith(`${prefix}.`))
      if (!tree) return own.get(name)
      const rest = name.slice(tree.prefix.length + 1)
      const [head, ...path] = rest.split('.')
      return head === 'customData' ? leaf(tree.customData, path) : tree.shown.get(rest)
    },
  }
}

/** The application of the mail; else the first that maps the directory. */
async function applicationOf(
  { store }: Services,
  { tenant, application }: QueuedMail,
  { directory }: Entity<'account'>,
): Promise<Entity<'application'> | undefined> {
  if (application !== null) return store.get('application', tenant, application)
  const { items } = await store.list({
    resource: 'application',
    tenant,
    scope: { view: 'applicationsOfStore', of: { resource: 'directory', id: directory } },
    offset: 0,
    limit: 1,
  })
  return items[0]
}

/** Texts of what a representation would show; what is null has no value. */
function attributesOf(resource: ResourceName, entity: Entity): Map<string, string> {
  const { attributes }: Resource = registry[resource]
  const row = entity as Record<string, unknown>
  const texts = new Map([
    ['createdAt', toIso(entity.createdAt)],
    ['modifiedAt', toIso(entity.modifiedAt)],
  ])
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!isShown(attribute)) continue
    const value =
      attribute.kind === 'joined'
        ? attribute.from
            .map((part) => row[part])
            .filter((part) => part !== null)
            .join(' ')
        : row[name]
    if (value === null || value === '' || typeof value === 'object') continue
    texts.set(name, attribute.kind === 'datetime' ? toIso(value as number) : String(value))
  }
  return texts
}

/** A text, number or truth value inside custom data, found by own members alone. */
function leaf(tree: unknown, path: readonly string[]): string | undefined {
  let value = tree
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  return jsonNumberText(value)
}
