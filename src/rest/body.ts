import { type ResourceName, registry } from '../resources/registry.ts'
import type { ParseHelpers } from '../schema/parse.ts'
import { refuse } from '../schema/problems.ts'
import { bytesToText } from '../std/base64url.ts'
import { JsonError, parseJson } from '../std/json.ts'
import type { Call } from './call.ts'

/** Deepest nesting of a body (defaults.md, Bounds). */
export const MAX_DEPTH = 100

/** JSON in UTF-8, with or without a charset; other parameters mean nothing to it. */
const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i

/**
 * The JSON of a request body, every number exact; undefined for an empty one.
 *
 * @throws Problem mediaTypeNotSupported | badEncoding | bodyTooDeep | bodyMalformed
 */
export function parseRequestBody(bytes: Uint8Array, contentType: string | undefined): unknown {
  if (bytes.length === 0) return undefined
  if (!JSON_TYPE.test(contentType ?? '')) refuse('mediaTypeNotSupported', { expected: 'application/json' })
  const text = (bytesToText(bytes) ?? refuse('badEncoding', { property: 'The body' })).replace(/^\ufeff/, '')
  if (text.trim() === '') return undefined
  try {
    return parseJson(text, { maxDepth: MAX_DEPTH })
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    if (error.reason === 'depth') refuse('bodyTooDeep', { limit: MAX_DEPTH })
    return refuse('bodyMalformed', { reason: 'it is no JSON' })
  }
}

/** What parsing a body needs to know of this server. `settled`: links that the path decides. */
export function parseHelpers({ hrefs }: Pick<Call, 'hrefs'>, settled?: readonly string[]): ParseHelpers {
  return {
    toRef: hrefs.parseHref,
    declarationOf: (name) => registry[name as ResourceName],
    ...(settled && { settled }),
  }
}
