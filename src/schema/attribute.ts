import type { Switches } from './switches.ts'

/** When a client may set an attribute: on every write, on creation only, or never (the house computes it). */
export type WriteRule = 'always' | 'create' | 'never'

/** What a body is for. */
export type WriteMode = 'create' | 'update'

interface AttributeOptions {
  /** One sentence for OpenAPI, the reference and the dashboard. */
  description: string
  /** A creation without it is refused (2000); it can never become null. */
  required?: boolean
  write?: WriteRule
  /** May be written, never leaves the service in any representation. */
  secret?: boolean
  /** Held by the house: not in representations, unknown in bodies. */
  hidden?: boolean
  /** Matched by `?name=value` and by `?q=` (text only) on collections. */
  search?: boolean
  /** Accepted in `?orderBy=`. */
  sort?: boolean
  /** Only these variants of the resource have it (`variant` of the resource); others neither show nor take it. */
  variants?: readonly string[]
}

export type TextFormat =
  | 'identity'
  | 'email'
  | 'nameKey'
  | 'duration'
  | 'domainRule'
  | 'line'
  | 'mailbox'
  | 'host'
  | 'url'
  | 'webUrl'
  | 'eventType'
  | 'endpoint'

export interface StringOptions extends AttributeOptions {
  /** Length in UTF-16 units, as the historical service counted it. */
  min?: number
  max?: number
  /**
   * `identity`: only characters an identity key may hold (std/fold). `email` is one with an `@` inside, `domainRule` one
   * without. `line`: no control characters. `mailbox`: an address that mail can be sent to and from. `host`: a host name
   * or IP address. `webUrl`: http or https, without user or fragment. `eventType`: as `account.created`, `login.*`.
   * `url`: absolute, of a scheme that only leads somewhere; shown absolute where it is kept as a path.
   * `endpoint`: where this service sends requests itself: http or https, without user and fragment.
   */
  format?: TextFormat
  default?: string
  /** Name of the attribute whose value is taken when this one is absent on creation. */
  defaultFrom?: string
  /** The value is compared and searched without case: a folded copy is stored beside it. */
  folded?: boolean
  /** Encrypted at rest under the key ring; the engine opens it where a representation may carry it. */
  sealed?: boolean
  /** Shown encrypted when the request asks for that (contract/rest.md 12). */
  encryptable?: true
  /** Representations are without it unless the engine opens it. */
  extra?: boolean
  /** Milliseconds a `duration` may last, both ends included. */
  lasts?: { min: number; max: number /** Nothing at all is allowed too. */; orZero?: true }
}

export interface IntegerOptions extends AttributeOptions {
  min?: number
  max?: number
  default?: number
}

export interface BooleanOptions extends AttributeOptions {
  default?: boolean
  /**
   * Not in the historical contract, where everything is as it is without: representations carry it only while it is
   * true, so that whoever never turns it on sees what there always was (decisions/0014).
   */
  extra?: boolean
}

export interface EnumOptions<V extends string = string> extends AttributeOptions {
  default?: V
  /** Other words accepted on input, and which they mean. */
  aliases?: Readonly<Record<string, V>>
}

export interface StringsOptions extends AttributeOptions {
  /** Largest number of entries. */
  maxCount?: number
  /** Largest total length of all entries. */
  maxTotal?: number
  /** What each entry is held to. */
  entries?: Pick<StringOptions, 'min' | 'max' | 'format'>
  /** Other spellings accepted on input (contract/rest.md T30). */
  aliases?: readonly string[]
}

export interface ObjectOptions extends AttributeOptions {
  /** Texts by name; all of them are there, or the object is null and left out of representations. */
  members: Readonly<Record<string, StringOptions>>
}

export interface SwitchesOptions extends AttributeOptions {
  /** Every switch there is, with what it is without being set. An update changes those it names. */
  default: Switches
}

export interface ListOptions extends AttributeOptions {
  /** Largest number of entries. */
  maxCount: number
  /** What each entry holds, all of it required. */
  members: Readonly<Record<string, StringAttribute | StringsMember>>
}

/** A list of strings inside an entry. */
export type StringsMember = { kind: 'strings' } & Omit<StringsOptions, 'aliases'>

export interface JoinedOptions {
  description: string
  /** Attributes whose present values are joined by one blank. */
  from: readonly string[]
}

export interface DerivedOptions {
  description: string
  /** What its JSON is. */
  of: 'string' | 'object'
  /** There may be nothing to show: then it is null. */
  nullable?: true
  variants?: readonly string[]
}

export type StringAttribute<O extends StringOptions = StringOptions> = { kind: 'string' } & O
export type IntegerAttribute<O extends IntegerOptions = IntegerOptions> = { kind: 'integer' } & O
export type BooleanAttribute<O extends BooleanOptions = BooleanOptions> = { kind: 'boolean' } & O
export type EnumAttribute<V extends string = string, O extends EnumOptions<V> = EnumOptions<V>> = {
  kind: 'enum'
  values: readonly V[]
} & O
export type DatetimeAttribute<O extends AttributeOptions = AttributeOptions> = { kind: 'datetime' } & O
export type StringsAttribute<O extends StringsOptions = StringsOptions> = { kind: 'strings' } & O
export type ObjectAttribute<O extends ObjectOptions = ObjectOptions> = { kind: 'object' } & O
export type SwitchesAttribute<O extends SwitchesOptions = SwitchesOptions> = { kind: 'switches' } & O
export type ListAttribute<O extends ListOptions = ListOptions> = { kind: 'list' } & O
/** Computed on the way out, never stored. */
export type JoinedAttribute = { kind: 'joined'; write: 'never' } & JoinedOptions

/** Made anew by the engine each time it is shown, never stored. */
export type DerivedAttribute<O extends DerivedOptions = DerivedOptions> = { kind: 'derived'; write: 'never' } & O

export type Attribute =
  | StringAttribute
  | IntegerAttribute
  | BooleanAttribute
  | EnumAttribute
  | DatetimeAttribute
  | StringsAttribute
  | ObjectAttribute
  | SwitchesAttribute
  | ListAttribute
  | JoinedAttribute
  | DerivedAttribute

/** Text of bounded length. */
export const string = <const O extends StringOptions>(options: O): StringAttribute<O> => ({
  kind: 'string',
  ...options,
})
/** A whole number; numeric strings are accepted on input (contract/rest.md 1.6). */
export const integer = <const O extends IntegerOptions>(options: O): IntegerAttribute<O> => ({
  kind: 'integer',
  ...options,
})
/** true or false; the strings "true" and "false" are accepted on input. */
export const boolean = <const O extends BooleanOptions>(options: O): BooleanAttribute<O> => ({
  kind: 'boolean',
  ...options,
})
/** One of a few words; any case on input, the declared spelling on output. */
export const enumeration = <const V extends string, const O extends EnumOptions<V>>(
  values: readonly V[],
  options: O,
): EnumAttribute<V, O> => ({ kind: 'enum', values, ...options })
/** A moment: milliseconds since 1970 inside, ISO-8601 UTC with milliseconds outside. */
export const datetime = <const O extends AttributeOptions>(options: O): DatetimeAttribute<O> => ({
  kind: 'datetime',
  ...options,
})
/** A list of strings, replaced as a whole. */
export const strings = <const O extends StringsOptions>(options: O): StringsAttribute<O> => ({
  kind: 'strings',
  ...options,
})
/** A small object of texts, replaced as a whole. */
export const object = <const O extends ObjectOptions>(options: O): ObjectAttribute<O> => ({
  kind: 'object',
  ...options,
})
/** A tree of switches; those that an update does not name stay as they are. */
export const switches = <const O extends SwitchesOptions>(options: O): SwitchesAttribute<O> => ({
  kind: 'switches',
  ...options,
})
/** A list of small objects, replaced as a whole. */
export const list = <const O extends ListOptions>(options: O): ListAttribute<O> => ({ kind: 'list', ...options })
/** The present values of other attributes, joined by one blank. */
export const joined = (options: JoinedOptions): JoinedAttribute => ({ kind: 'joined', write: 'never', ...options })

/** What the engine makes when it is shown: a token from its facts. */
export const derived = <const O extends DerivedOptions>(options: O): DerivedAttribute<O> => ({
  kind: 'derived',
  write: 'never',
  ...options,
})

/** Whether entities hold a value of it. */
export function isHeld(attribute: Attribute): attribute is Exclude<Attribute, { kind: 'joined' | 'derived' }> {
  return attribute.kind !== 'joined' && attribute.kind !== 'derived'
}

/** Whether representations have it. */
export function isShown(attribute: Attribute): boolean {
  return !isHeld(attribute) || !(attribute.hidden || attribute.secret)
}

/** Whether a representation may be without it. */
export const isExtra = (attribute: Attribute | undefined): boolean =>
  attribute !== undefined && (('extra' in attribute && attribute.extra === true) || variantsOf(attribute) !== undefined)

/** The variants of its resource that have it; undefined where all have. */
export const variantsOf = (attribute: Attribute): readonly string[] | undefined =>
  'variants' in attribute ? attribute.variants : undefined

/** Whether a client may set it. */
export function isWritable(attribute: Attribute, mode: WriteMode): boolean {
  if (!isHeld(attribute) || attribute.hidden || attribute.write === 'never') return false
  return mode === 'create' || attribute.write !== 'create'
}

/** Whether every stored entity has a value: null is never read from it. */
export function isFilled(attribute: Attribute): boolean {
  if (attribute.kind === 'strings' || attribute.kind === 'list' || attribute.kind === 'boolean') return true
  if (attribute.kind === 'derived') return attribute.nullable !== true
  return isRequired(attribute) || ('default' in attribute && attribute.default !== undefined)
}

export function isRequired(attribute: Attribute): boolean {
  return 'required' in attribute && attribute.required === true
}
