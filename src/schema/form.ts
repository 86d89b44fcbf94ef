import { bytesToText } from '../std/base64url.ts'
import { decodeForm } from '../std/form-encoding.ts'
import { isWellFormedText } from '../std/text.ts'
import { refuse } from './problems.ts'

/** Parameters of a request. */
export interface Form {
  /** Undefined when absent or empty. (RFC 6749 §3.2: a parameter without a value is treated as omitted) */
  get(name: string): string | undefined
  /** @throws Problem parameterMissing */
  require(name: string): string
}

const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i
const MOST_PARAMETERS = 100

/**
 * Parameters of the body and of the query string together (contract/rest.md 26). One given twice with two values is
 * refused, whichever of the two was meant.
 *
 * @throws Problem mediaTypeNotSupported | badEncoding | queryMalformed | queryRepeated
 */
export function parseForm(bytes: Uint8Array, contentType: string | undefined, query: string): Form {
  if (bytes.length > 0 && !FORM_TYPE.test(contentType ?? '')) {
    refuse('mediaTypeNotSupported', { expected: 'application/x-www-form-urlencoded' })
  }
  const body = bytesToText(bytes) ?? refuse('badEncoding', { property: 'The body' })
  const values = new Map<string, string>()
  const pairs = [...query.split('&'), ...body.split('&')].filter((pair) => pair !== '')
  if (pairs.length > MOST_PARAMETERS) refuse('bodyMalformed', { reason: `more than ${MOST_PARAMETERS} parameters` })
  for (const pair of pairs) {
    const cut = pair.indexOf('=')
    const name = decodeForm(cut === -1 ? pair : pair.slice(0, cut))
    const value = decodeForm(cut === -1 ? '' : pair.slice(cut + 1))
    if (!name || value === undefined || !isWellFormedText(name + value)) {
      return refuse('queryMalformed', { parameter: pair.slice(0, Math.max(cut, 0)) })
    }
    const before = values.get(name)
    if (before !== undefined && before !== value) refuse('queryRepeated', { parameter: name })
    values.set(name, value)
  }
  const get = (name: string) => values.get(name) || undefined
  return { get, require: (name) => get(name) ?? refuse('parameterMissing', { parameter: name }) }
}
