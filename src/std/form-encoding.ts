const reserved = /[!'()*]/g

/** The text behind form encoding: `+` is a blank, `%xx` a byte of UTF-8. Undefined when the bytes are no UTF-8 text. */
export function decodeForm(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/** The text behind percent encoding, in which `+` is a plus. Undefined when the bytes are no UTF-8 text. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text.isWellFormed() ? text : undefined
  try {
    const decoded = decodeURIComponent(text)
    return decoded.isWellFormed() ? decoded : undefined
  } catch {
    return undefined
  }
}

/** Percent-encodes everything but the unreserved characters of RFC 3986 §2.3. The text must be well-formed. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    reserved,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
