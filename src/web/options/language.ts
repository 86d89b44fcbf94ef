import { parseDuration } from '../../std/duration.ts'

/** One thing that a developer can set. */
export interface Leaf<T = unknown> {
  readonly kind: 'leaf'
  /** Completes "must be …". */
  readonly expected: string
  /** A value that works, for messages. */
  readonly example: string
  /** Reads a value of any source, texts and JSON alike; undefined when it does not fit. */
  parse(given: unknown): T | undefined
  /** A function or an object of the developer's: nothing that could stand in the environment. */
  readonly codeOnly: boolean
  /** Never printed. */
  readonly secret: boolean
  /** Its name in the environment where it is not the one derived from its path. */
  readonly environment: string | undefined
}

/** Settings under names that the developer chooses. */
export interface Dictionary<B extends Branch = Branch> {
  readonly kind: 'dictionary'
  readonly each: B
}

/** Settings by name, nested. */
export interface Branch {
  readonly [name: string]: Leaf | Dictionary | Branch
}

/** What a developer may write. */
export type Input<B> = {
  [K in keyof B]?:
    | (B[K] extends Leaf<infer T>
        ? T
        : B[K] extends Dictionary<infer E>
          ? { [name: string]: Input<E> | undefined }
          : Input<B[K]>)
    | undefined
}

/** What was set, checked; nothing for what was not. */
export type Values<B> = {
  [K in keyof B]: B[K] extends Leaf<infer T>
    ? T | undefined
    : B[K] extends Dictionary<infer E>
      ? { [name: string]: Values<E> }
      : Values<B[K]>
}

interface LeafOptions {
  example?: string
  secret?: boolean
  environment?: string
}

function leaf<T>(
  expected: string,
  parse: (given: unknown) => T | undefined,
  { example = '…', secret = false, environment }: LeafOptions = {},
  codeOnly = false,
): Leaf<T> {
  return { kind: 'leaf', expected, example, parse, codeOnly, secret, environment }
}

export const isLeaf = (node: Leaf | Dictionary | Branch): node is Leaf => (node as Leaf).kind === 'leaf'
export const isDictionary = (node: Leaf | Dictionary | Branch): node is Dictionary =>
  (node as Dictionary).kind === 'dictionary'

export function dictionary<B extends Branch>(each: B): Dictionary<B> {
  return { kind: 'dictionary', each }
}

/** `false` of an environment is false. */
export function flag(options: LeafOptions = {}): Leaf<boolean> {
  return leaf(
    'true or false',
    (given) => (given === true || given === 'true' ? true : given === false || given === 'false' ? false : undefined),
    { example: 'true', ...options },
  )
}

export function text(options: LeafOptions & { expected?: string; shape?: RegExp } = {}): Leaf<string> {
  const { expected = 'a text', shape = /./s, ...rest } = options
  return leaf(expected, (given) => (typeof given === 'string' && shape.test(given) ? given : undefined), rest)
}

export function oneOf<const T extends string>(values: readonly T[], options: LeafOptions = {}): Leaf<T> {
  const expected = values.length < 2 ? `${values}` : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
  return leaf(expected, (given) => values.find((value) => value === given), { example: values[0] ?? '', ...options })
}

/** A list, written with commas in the environment. */
export function listOf<T>(item: Leaf<T>, options: LeafOptions = {}): Leaf<readonly T[]> {
  return leaf(
    `a list, each ${item.expected}`,
    (given) => {
      const list = typeof given === 'string' ? given.split(',').map((part) => part.trim()) : given
      if (!Array.isArray(list)) return undefined
      const items = list.map((each) => item.parse(each))
      return items.every((each) => each !== undefined) ? (items as T[]) : undefined
    },
    { example: item.example, ...options },
  )
}

/** Seconds, or an ISO 8601 duration; in milliseconds once it is read. */
export function duration(options: LeafOptions = {}): Leaf<number | string> {
  return leaf(
    'a number of seconds or an ISO 8601 duration',
    (given) => {
      const plain = typeof given === 'number' || (typeof given === 'string' && /^\d+(\.\d+)?$/.test(given))
      const ms = plain ? Number(given) * 1000 : typeof given === 'string' ? parseDuration(given) : undefined
      return ms !== undefined && Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : undefined
    },
    { example: 'PT5S', ...options },
  )
}

export function wholeNumber({ min, max, ...rest }: LeafOptions & { min: number; max: number }): Leaf<number> {
  return leaf(
    `a whole number from ${min} to ${max}`,
    (given) => {
      const value = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given
      return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined
    },
    rest,
  )
}

/** An address on this site, with or without a query. */
export function path(options: LeafOptions = {}): Leaf<string> {
  return text({
    expected: 'a path of this site that begins with a single /',
    shape: /^\/(?![/\\])[!-[\]-~]*$/,
    example: '/login',
    ...options,
  })
}

/** Scheme, host and port. */
export function origin(options: LeafOptions = {}): Leaf<string> {
  return leaf(
    'an http or https URL without path, query or user',
    (given) => {
      const url = typeof given === 'string' ? URL.parse(given) : null
      if (!url || !/^https?:$/.test(url.protocol)) return undefined
      return url.href === `${url.origin}/` ? url.origin : undefined
    },
    { example: 'https://shop.example.com', ...options },
  )
}

/** What only code can give. */
export function code<T>(expected: string, isIt: (given: unknown) => boolean): Leaf<T> {
  return leaf(expected, (given) => (isIt(given) ? (given as T) : undefined), {}, true)
}

export function callback<T>(): Leaf<T> {
  return code<T>('a function', (given) => typeof given === 'function')
}

export function object<T>(expected: string): Leaf<T> {
  return code<T>(expected, (given) => typeof given === 'object' && given !== null && !Array.isArray(given))
}
