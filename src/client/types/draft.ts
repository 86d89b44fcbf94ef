import type { Registry, ResourceName } from '../../resources/registry.ts'
import type { CreateInput, UpdateInput } from '../../schema/infer.ts'
import type { CreationFlag } from '../../schema/resource.ts'
import type { Reference } from '../reference.ts'
import type { Attributes, CustomDataOf, Links, ShownLinks, Simplify } from './names.ts'
import type { Expand, ReadOptions } from './query.ts'

/** What creates a resource: its attributes, the links that are set once and are not settled by the place, custom data. */
export type Draft<N extends ResourceName, C = {}, Settled extends PropertyKey = never> = Simplify<
  CreateInput<Attributes<N>> & LinkInput<Omit<ShownLinks<N>, Settled>> & EmbeddedCustomData<N, C> & NestedParts<N>
>

/** What changes a resource: any of its attributes, and custom data, which is merged member by member. */
export type Changes<N extends ResourceName, C = {}> = Simplify<UpdateInput<Attributes<N>> & EmbeddedCustomData<N, C>>

/** Parts that may come with their owner: the provider of a directory. */
type NestedParts<N extends ResourceName> = {
  -readonly [K in keyof Links<N> as NestedPart<Links<N>[K]> extends never ? never : K]?: PartDraft<
    NestedPart<Links<N>[K]>
  >
}
type NestedPart<L> = L extends { kind: 'part'; target: infer T extends ResourceName }
  ? Registry[T] extends { comesNested: true }
    ? T
    : never
  : never
type PartDraft<N extends ResourceName> = N extends ResourceName
  ? Simplify<CreateInput<Attributes<N>> & NestedParts<N>>
  : never

type LinkInput<L> = {
  -readonly [K in keyof L as SetOnce<L[K]> extends 'required' ? K : never]: Reference
} & {
  -readonly [K in keyof L as SetOnce<L[K]> extends 'optional' ? K : never]?: Reference | null
}
type SetOnce<L> = L extends { kind: 'one' }
  ? L extends { write: 'never' }
    ? 'never'
    : L extends { required: true }
      ? 'required'
      : 'optional'
  : 'never'

type EmbeddedCustomData<N extends ResourceName, C> = 'customData' extends keyof Links<N>
  ? { customData?: Partial<CustomDataOf<N, C>> }
  : {}

/** Options of a creation. (contract/rest.md §4, §8, §9.3) */
export type CreateOptions<N extends ResourceName, E extends Expand<N> = never> = ReadOptions<N, E> &
  Pick<Flags, Registry[N] extends { creationFlags: readonly (infer F extends CreationFlag)[] } ? F : never>

interface Flags extends Partial<Record<CreationFlag, unknown>> {
  /** Makes a directory too, named after the resource or as given, and maps it as default store of accounts and groups. */
  createDirectory?: true | string
  /** `password` holds a hash to import: bcrypt or `$stormpath2$`. */
  passwordFormat?: 'mcf'
  /** false: no mail goes out, and the account can log in at once. Default: as the directory's policy says. */
  registrationWorkflowEnabled?: boolean
  /** `application.register` says it. */
  existing?: never
}

/** Whether a draft itself says where the resource belongs, so that it can be created at the first level. */
export type IsPlaced<N extends ResourceName> = {
  [K in Exclude<keyof Links<N>, 'tenant'>]: Links<N>[K] extends { kind: 'one'; required: true; write: 'never' }
    ? K
    : never
}[Exclude<keyof Links<N>, 'tenant'>] extends never
  ? true
  : false
