const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const invalid = 64

const values = new Uint8Array(128).fill(invalid)
for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i

/** Base64url without padding. (RFC 4648 §5) */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const first = bytes[i] as number
    const second = bytes[i + 1]
    const third = bytes[i + 2]
    text += alphabet.charAt(first >> 2) + alphabet.charAt(((first & 3) << 4) | ((second ?? 0) >> 4))
    if (second !== undefined) text += alphabet.charAt(((second & 15) << 2) | ((third ?? 0) >> 6))
    if (third !== undefined) text += alphabet.charAt(third & 63)
  }
  return text
}

/**
 * Reads base64url as this file writes it: no padding, no other alphabet, no bits left over, so that each byte string has
 * exactly one text. `undefined` for anything else.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const length = text.length
  if (length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let buffer = 0
  let bits = 0
  let at = 0
  for (let i = 0; i < length; i++) {
    const value = values[text.charCodeAt(i)] ?? invalid
    if (value === invalid) return undefined
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (buffer >> bits) & 0xff
    }
  }
  const leftOver = buffer & ((1 << bits) - 1)
  return leftOver === 0 ? bytes : undefined
}

/**
 * Reads base64 as others write it: either alphabet, with or without padding, bits left over ignored. `undefined` for
 * other characters, padding in the middle or too much of it, and impossible lengths.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const match = /^([A-Za-z0-9+/_-]*)(={0,2})$/.exec(text)
  const body = match?.[1]
  if (body === undefined || body.length % 4 === 1) return undefined
  if (match?.[2] && text.length % 4 !== 0) return undefined
  return decodeBase64url(withoutLeftOver(body.replaceAll('+', '-').replaceAll('/', '_')))
}

/** UTF-8 bytes of a text. */
export function textToBytes(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes, or `undefined` when they are not UTF-8. A byte order mark is kept. */
export function bytesToText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function withoutLeftOver(text: string): string {
  const extra = (text.length * 6) % 8
  if (extra === 0) return text
  const last = values[text.charCodeAt(text.length - 1)] as number
  return text.slice(0, -1) + alphabet.charAt(last & ~((1 << extra) - 1))
}
