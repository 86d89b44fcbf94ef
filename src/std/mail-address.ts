/**
 * Whether a text is the address of one mailbox that mail may be sent to: a local part of the letters and signs of RFC 5322
 * atoms (any script), an `@`, and a domain or an address in brackets. Nothing that a mail program could take for a second
 * recipient, a name, a comment, a quotation or the end of a header.
 */
export function isMailbox(text: string): boolean {
  if (text.length > 254) return false
  const at = text.lastIndexOf('@')
  return localPart.test(text.slice(0, Math.max(at, 0))) && domain.test(text.slice(at + 1))
}

/** Whether a text is one line that can stand in a header: no control characters, no other line ends, nothing invisible. */
export function isLine(text: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
}

/** The text as one line: whatever would end it, or is a control character, becomes a blank. */
export function toLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
}

const atom = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+"
const localPart = new RegExp(`^(?=.{1,64}$)${atom}(?:\\.${atom})*$`, 'u')
const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}_-]*[\\p{L}\\p{M}\\p{N}])?'
const domain = new RegExp(`^(?:${label}(?:\\.${label})*|\\[(?:IPv6:)?[\\da-fA-F:.]+\\])$`, 'u')

/**
 * Whether two addresses are one mailbox beyond doubt: the same but for the case of A to Z. Identity keys (std/fold) hold
 * more to be the same, `ı` and `i` for instance, and those may belong to two people.
 */
export function isSameMailbox(one: string, other: string): boolean {
  return lowerAscii(one) === lowerAscii(other)
}

const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
