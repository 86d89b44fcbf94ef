import type { Registry, ResourceName } from '../../resources/registry.ts'
import type { LinksOfKind } from '../../schema/infer.ts'

/** The attributes a resource declares. */
export type Attributes<N extends ResourceName> = Registry[N]['attributes']
/** The links a resource declares. */
export type Links<N extends ResourceName> = Registry[N]['links']
/** The links its representations show. */
export type ShownLinks<N extends ResourceName> = Shown<Links<N>>
type Shown<L> = { [K in keyof L as L[K] extends { hidden: true } ? never : K]: L[K] }
/** Its links to whole collections. */
export type ManyLink<N extends ResourceName> = string & keyof LinksOfKind<ShownLinks<N>, 'many'>
/** Its links to one resource. */
export type OneLink<N extends ResourceName> = string & keyof LinksOfKind<ShownLinks<N>, 'one' | 'part'>

/** The collection a resource lives in, as addresses spell it: `directories`. */
export type CollectionName<N extends ResourceName> = Registry[N]['path']

/** Resources with an address of their own; the others live under their owner. */
export type FirstLevelName = {
  [N in ResourceName]: Registry[N] extends { nested: true } | { operations: readonly [] } ? never : N
}[ResourceName]

/** The tenant's link to all resources of a kind; never where there is no such list. */
export type TenantLink<N extends ResourceName> =
  Links<'tenant'> extends infer L
    ? { [K in keyof L]: L[K] extends { kind: 'many'; target: N } ? L[K] : never }[keyof L]
    : never

/** What you keep in custom data, by the name of the resource: `{ account: { plan: string } }`. */
export type CustomDataTypes = { readonly [N in ResourceName]?: object }
/** The custom data of one resource; anything where nothing was said. */
export type CustomDataOf<N, C> = N extends keyof C ? C[N] : Record<string, unknown>

/** Written out, as an editor shows it. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {}
