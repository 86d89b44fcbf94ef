import type { WriteMode, WriteRule } from './attribute.ts'

/** Points at one resource; stored as a column. Several targets make it polymorphic (an account store). */
export interface ToOne<T extends string = string> {
  kind: 'one'
  targets: readonly T[]
  description: string
  required?: boolean
  /** `create` by default: a link of this kind is set once. */
  write: WriteRule
  /** What happens to this resource when the target is deleted. */
  onDelete: 'delete' | 'clear'
  expandable: boolean
  /** Held by the house (to find, to cascade), not shown in representations and not named in bodies. */
  hidden?: boolean
  /** Matched by `?name.href=value` on collections. */
  search?: boolean
}

/** A resource made and destroyed with its owner, sharing the owner's id (custom data, a policy, a provider). */
export interface Part {
  kind: 'part'
  target: string
  description: string
  expandable: boolean
  /** Only these variants of the resource have it. */
  variants?: readonly string[]
}

/**
 * Where the members of a collection come from.
 * - `by`: members whose link of that name points here; with `where`, only those with these values.
 * - `through`: members at the far end of a joining resource.
 * - `view`: a virtual collection; the storage knows how to read it.
 */
export type CollectionSource =
  | { by: string; where?: Readonly<Record<string, string>> }
  | { through: string; from: string; to: string }
  | { view: View }

/**
 * The virtual collections: what an application or organization sees through its mapped stores, and the way back; what an
 * account is linked to from either side.
 */
export type View =
  | 'accountsOfStores'
  | 'groupsOfStores'
  | 'applicationsOfAccount'
  | 'applicationsOfStore'
  | 'organizationsOfStore'
  | 'apiKeysOfApplication'
  | 'linksOfAccount'
  | 'linkedAccounts'

export interface ToMany<T extends string = string> {
  kind: 'many'
  target: T
  source: CollectionSource
  description: string
  /** POST to the collection creates a member. */
  create: boolean
  /** `?customData.key=value` is understood here (contract/rest.md 1.9 d). */
  customData: boolean
  /** The attribute by which members are ordered when nothing else is asked; creation order when absent. */
  order?: string
  /** DELETE of the collection deletes all members, or all but `except`. */
  clear: boolean
  /** May have more members than are counted while a caller waits: its size is kept. */
  counted?: true
  /** Query parameters that must be present, as in `/applications/:id/apiKeys?id=…`. */
  requires?: string
  expandable: boolean
}

/** An endpoint that does something; only its href is shown. */
export interface Action {
  kind: 'action'
  description: string
  /** What a POST makes is a token with an address below: GET looks at it, POST uses it up. */
  tokens: boolean
}

/** An address that another protocol answers; only its href is shown. */
export interface Endpoint {
  kind: 'endpoint'
  description: string
  /** Below the base URL, `:id` for the id of the resource; below the resource itself when absent. */
  path?: string
}

/**
 * An address that ends in a secret, shown while there is one: whoever holds it may do what a POST there does. null
 * otherwise.
 */
export interface SecretLink {
  kind: 'secret'
  description: string
  /** The sealed attribute that holds the secret. */
  attribute: string
  /** The segment after that of the resource: `/accounts/emailVerificationTokens/:token`. */
  path: string
}

export type Link = ToOne | Part | ToMany | Action | Endpoint | SecretLink

export const toOne = <
  const T extends string,
  const O extends Partial<Omit<ToOne, 'kind' | 'targets'>> & { description: string },
>(
  target: T | readonly T[],
  options: O,
): { kind: 'one'; targets: readonly T[] } & Omit<ToOne, 'kind' | 'targets'> & O => ({
  kind: 'one',
  targets: (typeof target === 'string' ? [target] : target) as readonly T[],
  write: 'create',
  onDelete: 'delete',
  expandable: true,
  ...options,
})

export const part = <const T extends string>(
  target: T,
  description: string,
  options: Pick<Part, 'variants'> = {},
): Part & { target: T } => ({
  kind: 'part',
  target,
  description,
  expandable: true,
  ...options,
})

export const toMany = <
  const T extends string,
  const S extends CollectionSource,
  const O extends {
    description: string
    create?: boolean
    customData?: boolean
    counted?: true
    clear?: boolean
    order?: string
    requires?: string
  },
>(
  target: T,
  source: S,
  options: O,
) =>
  ({
    kind: 'many',
    target,
    source,
    create: false,
    customData: false,
    clear: false,
    expandable: !options.requires,
    ...options,
  }) as ToMany<T> & {
    source: S
    create: IsSet<O, 'create'>
    customData: IsSet<O, 'customData'>
    clear: IsSet<O, 'clear'>
  } & Pick<O, keyof O & 'requires'>

type IsSet<O, K extends string> = O extends { [_ in K]: true } ? true : false

export const action = (description: string, { tokens = false } = {}): Action => ({
  kind: 'action',
  description,
  tokens,
})

export const secretLink = (attribute: string, options: Omit<SecretLink, 'kind' | 'attribute'>): SecretLink => ({
  kind: 'secret',
  attribute,
  ...options,
})

export const endpoint = (description: string, path?: string): Endpoint => ({
  kind: 'endpoint',
  description,
  ...(path !== undefined && { path }),
})

/** Whether a client may set it. */
export function isSettable({ write, hidden }: ToOne, mode: WriteMode): boolean {
  return !hidden && (write === 'always' || (write === 'create' && mode === 'create'))
}

/** Whether representations have it. */
export function isShownLink(link: Link): boolean {
  return link.kind !== 'one' || !link.hidden
}

/** Whether `expand` may name it. */
export function isExpandable(link: Link): link is Exclude<Link, Action | Endpoint | SecretLink> {
  return 'expandable' in link && link.expandable && isShownLink(link)
}
