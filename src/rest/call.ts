import type { Caller, Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import type { Hrefs } from '../core/href.ts'
import { refuse } from '../schema/problems.ts'
import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { jsonHeaders } from './headers.ts'
import type { Representations } from './representation.ts'

/** One authenticated request on its way through an operation. */
export interface Call {
  engine: Engine
  hrefs: Hrefs
  representations: Representations
  caller: Caller
  context: Context
  /** Segments of the path at the places of `:names`, still encoded. */
  path: readonly string[]
  /** Pairs of the query string, decoded. */
  params: readonly (readonly [string, string])[]
  /** The query string as it came. */
  query: string
  request: LightRequest
  /** The body as it came. */
  bytes: Uint8Array
  /** Parsed JSON; undefined for an empty body. */
  body: unknown
}

/** The id in the path. */
export function idOf(call: Call): string {
  return call.path[0] ?? refuse('notFound', {})
}

/**
 * The one value of a parameter; a pair that some clients repeat counts once.
 *
 * @throws Problem queryRepeated for two different values
 */
export function paramOf({ params }: Pick<Call, 'params'>, name: string): string | undefined {
  let value: string | undefined
  for (const [each, text] of params) {
    if (each !== name) continue
    if (value !== undefined && value !== text) refuse('queryRepeated', { parameter: name })
    value = text
  }
  return value
}

/** `true` or `false` in any case. @throws Problem queryValueInvalid */
export function flagOf(call: Pick<Call, 'params'>, name: string): boolean | undefined {
  const word = paramOf(call, name)?.toLowerCase()
  if (word === undefined) return undefined
  if (word === 'true' || word === 'false') return word === 'true'
  return refuse('queryValueInvalid', { parameter: name, reason: "must be 'true' or 'false'" })
}

/** An answer with a JSON text; `location` where something is to be found. */
export function reply(call: Call, status: number, body: string, location?: string): LightResponse {
  const headers = jsonHeaders(call.context.requestId)
  if (location !== undefined) headers.Location = location
  return { status, headers, body }
}
