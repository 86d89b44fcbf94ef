import type { Attribute } from './attribute.ts'
import type { Link } from './link.ts'
import type { ProblemCode } from './problems.ts'

export type Operation = 'create' | 'read' | 'update' | 'delete'

/**
 * Query parameters understood when a resource is created (contract/rest.md 4, 8, 9.3).
 * - `createDirectory`: `true` or a name; also makes and maps a directory.
 * - `registrationWorkflowEnabled`: `false` leaves out verification and mails.
 * - `passwordFormat`: `mcf`; the password is a hash to import.
 * - `existing`: `notify`; an address that has an account is answered 202, and its owner is mailed.
 */
export type CreationFlag = 'createDirectory' | 'registrationWorkflowEnabled' | 'passwordFormat' | 'existing'

export interface UniqueKey {
  /** Attributes (compared by their folded form where they have one) and links that are unique together. */
  of: readonly string[]
  /** The link whose target bounds the uniqueness; `tenant` when absent. */
  within?: string
  /** Unique beyond the tenant: what addresses are made of before a tenant is known. */
  everywhere?: true
}

export interface Resource<
  N extends string = string,
  A extends Record<string, Attribute> = Record<string, Attribute>,
  L extends Record<string, Link> = Record<string, Link>,
> {
  /** Singular, as in `groupMembership`; also the name in error texts after a capital letter. */
  name: N
  /** The URL segment after `/v1/`; for a part with a nested address, the segment after its owner's address. */
  path: string
  /** Address of a part: under its owner (`/directories/:id/provider`) instead of at the top level. */
  nested?: boolean
  description: string
  /** What a client may do over REST. */
  operations: readonly Operation[]
  attributes: A
  links: L
  unique: readonly UniqueKey[]
  /** Members beyond the declared ones are data of the user's own (custom data). */
  open?: boolean
  /** A part whose attributes may come nested in the creation of its owner; those of other parts are not looked at there. */
  comesNested?: true
  /**
   * `false`: a part without a row of its own: it shows its owner's times and the declared defaults. `sometimes`: the same
   * where there is nothing to keep; a row is made by whoever has something.
   */
  stored?: false | 'sometimes'
  /** The attribute that tells variants apart which do not have all attributes and parts. */
  variant?: string
  /**
   * The part that, in the body of a creation through an application, brings credentials of an identity provider instead
   * of attributes: the answer is the one whom the provider names, with 200 where there was one (trap T8).
   */
  broughtBy?: string
  /** Written once, never changed: one moment is shown as that of creation and of change. */
  appended?: true
  /** The datetime attribute after which one no longer exists, though its row may be there a while longer. */
  expires?: string
  /** Representations carry the id as a member `id` besides the href. */
  showsId?: true
  /** Members that old clients send to create one and that mean nothing here. */
  ignored?: readonly string[]
  /** Old clients create another resource at this one's address: a body with `by` and without `insteadOf` means that. */
  mistakenFor?: { resource: string; by: string; insteadOf: string }
  /** How links of a creation's body are refused that are missing or no links, where the contract has one word for it. */
  malformed?: ProblemCode & 'accountLinkMalformed'
  creationFlags?: readonly CreationFlag[]
  /** Creations and changes may bring custom data of full size with them (defaults.md, Bounds). */
  largeBody?: true
}

/**
 * Declares a resource once; routes, body checks, search, storage columns, client types and OpenAPI are read from it.
 * A declaration is pure data and imports no other resource: links name their targets.
 */
export function defineResource<
  const N extends string,
  const A extends Record<string, Attribute>,
  const L extends Record<string, Link>,
  const F extends Facts,
>(
  declaration: F &
    Omit<Resource<N, A, L>, 'unique' | keyof Facts> & {
      unique?: readonly {
        of: readonly (NoInfer<keyof A | keyof L> & string)[]
        within?: NoInfer<keyof L> & string
        everywhere?: true
      }[]
    },
): Resource<N, A, L> & Pick<F, Extract<keyof F, keyof Facts>> {
  return { unique: [], operations: ['create', 'read', 'update', 'delete'], ...declaration } as Resource<N, A, L> & F
}

/** What the type of a declaration keeps to the letter, for the types derived from it. */
type Facts = Pick<Resource, 'path' | 'nested' | 'comesNested' | 'creationFlags'> & { operations?: readonly Operation[] }
