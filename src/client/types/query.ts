import type { ResourceName } from '../../resources/registry.ts'
import type { CallOptions } from '../transport.ts'
import type { Attributes, ManyLink, OneLink } from './names.ts'

type Paging = `offset:${number}` | `limit:${number}` | `offset:${number},limit:${number}`

/**
 * What may be read along with a resource: the name of a link; a collection may say which page of it: `groups(limit:10)`.
 * (contract/rest.md §1.11)
 */
export type Expand<N extends ResourceName> = OneLink<N> | ManyLink<N> | `${ManyLink<N>}(${Paging})`

/** The names of the links in a choice of `Expand`. */
export type Expanded<E> = E extends `${infer Name}(${string}` ? Name : E

/** Options of a call whose answer is a resource. */
export interface ReadOptions<N extends ResourceName, E extends Expand<N> = never> extends CallOptions {
  /** Links to read along: what they lead to is then part of the result, in value and in type. */
  expand?: readonly E[]
}

/**
 * Which members of a collection, and how. Attributes match without regard to case: `joe`, `joe*`, `*joe`, `*joe*`; dates
 * by range, `[2015-01,2016)`, or by unit, `2015-02`. All conditions hold together. `L` is the link to the collection:
 * some understand more than others. (contract/rest.md §1.9)
 */
export type ListQuery<N extends ResourceName, E extends Expand<N> = never, L = {}> = ReadOptions<N, E> &
  Matches<Attributes<N>> &
  Particular<L> & {
    /** Text contained in any searchable text attribute. */
    q?: string
    createdAt?: string
    modifiedAt?: string
    /** Order of creation unless given. */
    orderBy?: OrderBy<Attributes<N>, L> | readonly OrderBy<Attributes<N>, L>[]
    /** How many matches to leave out. Default: 0. */
    offset?: number
    /** How many matches to give at most; pages are fetched as needed. Default: all. */
    limit?: number
  }

type Matches<A> = {
  [K in keyof A as A[K] extends { search: true } ? K : never]?: A[K] extends { values: readonly (infer V)[] }
    ? V
    : string | number | boolean
}

type Sort<A, L> =
  | (string & keyof { [K in keyof A as A[K] extends { sort: true } ? K : never]: 1 })
  | 'createdAt'
  | 'modifiedAt'
  | (L extends { customData: true } ? `customData.${string}` : never)
type OrderBy<A, L> = Sort<A, L> | `${Sort<A, L>} ${'asc' | 'desc'}`

/** What only some collections understand, by the link that leads there. */
type Particular<L> = (L extends { customData: true }
  ? {
      /** Custom data by path: `{ plan: 'pro', 'address.city': 'B*', seats: '[10,20]' }`. */
      customData?: Readonly<Record<string, string | number | boolean>>
    }
  : {}) &
  (L extends { requires: infer R extends string }
    ? {
        /** What to look up; the collection cannot be listed otherwise. */
        [K in R]: string
      }
    : {})
