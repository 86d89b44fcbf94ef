import { decodeBase64url } from '../../std/base64url.ts'
import type { SigningKey, VerifyingKey } from './algorithms.ts'

/** The members of a protected header and of a set of claims, as they were written. */
export type Members = Readonly<Record<string, unknown>>

/** A JWS in compact form, taken apart and not yet verified: nothing in it may be believed. */
export interface ParsedJws {
  header: Members
  claims: Members
  /** What was signed: header and payload as they came. */
  signed: string
  signature: Uint8Array
  /** The third part as it came. */
  signatureText: string
}

/** Longer than any token made here, shorter than any header line may be. */
const USUAL_LENGTH = 8192

/**
 * Signs claims. The members of the header come in the order given, `kid` and `alg` among them. (RFC 7515 §3.1)
 */
export function signJws(key: SigningKey, header: Members, claims: Members): string {
  const signed = `${encode({ kid: key.id, ...header, alg: key.alg })}.${encode(claims)}`
  return `${signed}.${key.sign(signed).toString('base64url')}`
}

/**
 * Takes a compact JWS of two JSON objects apart. Strict: three parts of canonical base64url, UTF-8, no critical
 * extensions (RFC 7515 §4.1.11), objects without a member named twice.
 *
 * @returns undefined for everything else
 */
export function parseJws(text: string, longest = USUAL_LENGTH): ParsedJws | undefined {
  if (text.length > longest) return undefined
  const [first, second, third, ...more] = text.split('.')
  if (!first || !second || !third || more.length > 0) return undefined
  const header = decode(first)
  const claims = decode(second)
  const signature = decodeBase64url(third)
  if (!header || !claims || !signature || 'crit' in header) return undefined
  return { header, claims, signed: `${first}.${second}`, signature, signatureText: third }
}

/**
 * Whether the signature is the key's. The header must name the algorithm of the key, which is the only one tried: `none`
 * and a public key taken for a secret are wrong algorithms like any other. (RFC 8725 §3.1)
 */
export function isSignedBy({ header, signed, signature }: ParsedJws, key: VerifyingKey): boolean {
  return header.alg === key.alg && key.verifies(signed, signature)
}

function encode(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(part: string): Members | undefined {
  const bytes = decodeBase64url(part)
  if (!bytes) return undefined
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return namesOnce(text, value) ? (value as Members) : undefined
  } catch {
    return undefined
  }
}

/** Who reads the first of two members of one name and who reads the last would see different tokens. (RFC 7515 §4) */
function namesOnce(text: string, value: object): boolean {
  let names = 0
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)) if (match[1] !== undefined) names++
  return names === countNames(value)
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value)
  const own = Array.isArray(value) ? 0 : members.length
  return members.reduce<number>((sum, member) => sum + countNames(member), own)
}
