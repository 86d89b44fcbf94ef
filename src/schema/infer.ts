import type { Attribute } from './attribute.ts'
import type { Link } from './link.ts'
import type { Resource } from './resource.ts'
import type { SomeSwitches, SwitchesLike } from './switches.ts'

type Simplify<T> = { [K in keyof T]: T[K] } & {}

type Scalar<A extends Attribute> = A extends { kind: 'enum'; values: readonly (infer V)[] }
  ? V
  : A extends { kind: 'integer' | 'datetime' }
    ? number
    : A extends { kind: 'derived'; of: 'object' }
      ? object
      : A extends { kind: 'boolean' }
        ? boolean
        : A extends { kind: 'strings' }
          ? string[]
          : A extends { kind: 'list'; members: infer M }
            ? { readonly [K in keyof M]: M[K] extends { kind: 'strings' } ? readonly string[] : string }[]
            : A extends { kind: 'switches'; default: infer S }
              ? SwitchesLike<S>
              : A extends { kind: 'object'; members: infer M }
                ? { readonly [K in keyof M]: string }
                : string

/** Present in every stored entity: required, or filled by a default. */
type Filled<A> = A extends { required: true }
  ? true
  : A extends { default: unknown }
    ? true
    : A extends { kind: 'derived'; nullable: true }
      ? false
      : A extends { kind: 'strings' | 'list' | 'boolean' | 'derived' }
        ? true
        : false

type Stored<A extends Attribute> = Filled<A> extends true ? Scalar<A> : Scalar<A> | null

type LinkValue<L> = L extends { kind: 'one'; targets: readonly (infer T)[]; required?: infer R }
  ? R extends true
    ? LinkTarget<T>
    : LinkTarget<T> | null
  : never

/** A link to one kind of resource is that resource's id; a polymorphic one also says which kind. */
type LinkTarget<T> = IsUnion<T> extends true ? { resource: T; id: string } : string
type IsUnion<T, U = T> = T extends U ? ([U] extends [T] ? false : true) : never

/** What the engine and the storage hold of one resource: attributes and the ids of its to-one links. Times are milliseconds. */
export type EntityOf<R> =
  R extends Resource<string, infer A, infer L>
    ? Simplify<
        { id: string; tenant: string; createdAt: number; modifiedAt: number } & {
          -readonly [K in keyof A as A[K] extends { kind: 'joined' | 'derived' } ? never : K]: A[K] extends Attribute
            ? Stored<A[K]>
            : never
        } & {
          -readonly [K in keyof L as L[K] extends { kind: 'one' }
            ? K extends 'tenant'
              ? never
              : K
            : never]: LinkValue<L[K]>
        }
      >
    : never

type Writable<A, When extends 'create' | 'update'> = A extends { write: 'never' } | { hidden: true }
  ? false
  : A extends { write: 'create' }
    ? When extends 'create'
      ? true
      : false
    : true

/** What a client sends to create: required attributes are required, the others optional. */
export type CreateInput<A> = Simplify<
  {
    -readonly [K in keyof A as A[K] extends { required: true }
      ? Writable<A[K], 'create'> extends true
        ? K
        : never
      : never]: A[K] extends Attribute ? Scalar<A[K]> : never
  } & {
    -readonly [K in keyof A as A[K] extends { required: true }
      ? never
      : Writable<A[K], 'create'> extends true
        ? K
        : never]?: A[K] extends Attribute ? Scalar<A[K]> | null : never
  }
>

/** What a client sends for one attribute. */
type Sent<A extends Attribute> = A extends { kind: 'switches'; default: infer S } ? SomeSwitches<S> : Scalar<A>

/** What a client sends to update: any subset of the writable attributes. */
export type UpdateInput<A> = Simplify<{
  -readonly [K in keyof A as Writable<A[K], 'update'> extends true ? K : never]?: A[K] extends { required: true }
    ? A[K] extends Attribute
      ? Sent<A[K]>
      : never
    : A[K] extends Attribute
      ? Sent<A[K]> | null
      : never
}>

/** What a client reads: secrets left out, datetimes as ISO-8601 text. */
export type Representation<A> = Simplify<
  {
    readonly [K in keyof A as A[K] extends { secret: true } | { hidden: true } | { extra: true }
      ? never
      : A[K] extends { variants: readonly string[] }
        ? never
        : K]: A[K] extends {
      kind: 'datetime'
    }
      ? string | null
      : A[K] extends Attribute
        ? Stored<A[K]>
        : never
  } & { readonly [K in keyof A as A[K] extends { kind: 'boolean'; extra: true } ? K : never]?: true } & {
    readonly [K in keyof A as A[K] extends { hidden: true }
      ? never
      : A[K] extends { variants: readonly string[] }
        ? K
        : never]?: A[K] extends Attribute ? Stored<A[K]> : never
  }
>

export type LinksOfKind<L, K extends Link['kind']> = { [N in keyof L as L[N] extends { kind: K } ? N : never]: L[N] }
