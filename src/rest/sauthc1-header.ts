import { isIdLike } from '../std/id.ts'
import { toIso } from '../std/iso.ts'

/** The three fields of a SAuthc1 Authorization header. (contract/rest.md §2.3) */
export interface Sauthc1Header {
  /** `sauthc1Id` as sent: it is part of what is signed. */
  id: string
  keyId: string
  /** `yyyyMMdd` */
  date: string
  nonce: string
  /** Lower-case names in the order of the signature. */
  signedHeaders: string[]
  signature: Buffer
}

const idShape = /^([^/]+)\/(\d{8})\/([!-.0-~]{1,128})\/sauthc1_request$/
const namesShape = /^[\w!#$%&'*+.^`|~-]+(?:;[\w!#$%&'*+.^`|~-]+)*$/
const signatureShape = /^[\da-f]{64}$/i
const timestampShape = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
const indispensable = ['host', 'x-stormpath-date']

/**
 * Reads what follows the scheme: the fields in any order, blanks between them as they please. Undefined when a field is
 * missing, given twice or malformed, or when host and date are not among the signed headers.
 */
export function parseSauthc1(credentials: string): Sauthc1Header | undefined {
  const fields = new Map<string, string>()
  for (const field of credentials.split(',')) {
    const cut = field.indexOf('=')
    const name = field.slice(0, Math.max(cut, 0)).trim().toLowerCase()
    if (fields.has(name)) return undefined
    fields.set(name, field.slice(cut + 1).trim())
  }
  const id = fields.get('sauthc1id') ?? ''
  const names = fields.get('sauthc1signedheaders')?.toLowerCase() ?? ''
  const signature = fields.get('sauthc1signature') ?? ''
  const [, keyId = '', date = '', nonce = ''] = idShape.exec(id) ?? []
  if (!isIdLike(keyId) || !namesShape.test(names) || !signatureShape.test(signature)) return undefined
  const signedHeaders = names.split(';')
  if (!indispensable.every((name) => signedHeaders.includes(name))) return undefined
  return { id, keyId, date, nonce, signedHeaders, signature: Buffer.from(signature, 'hex') }
}

/** Milliseconds of an `X-Stormpath-Date` such as `20151231T235959Z`; undefined when it is no moment. */
export function parseTimestamp(text: string): number | undefined {
  const [, year, month, day, hours, minutes, seconds] = timestampShape.exec(text) ?? []
  if (seconds === undefined) return undefined
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds))
  // What does not come back is a 30 February or a 25th hour.
  return toIso(ms) === `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z` ? ms : undefined
}
