/** More fields than any form has; further ones are a way to burn our time. */
const maxFields = 1_000

/** What a form, or a query, says: every value of each name, in order. */
export type FormFields = ReadonlyMap<string, readonly string[]>

/**
 * Reads a URL-encoded form. `undefined` when it is none: bytes that are no UTF-8, too many fields.
 * (WHATWG URL §5.1, without its mending of broken text)
 */
export function parseForm(text: string): FormFields | undefined {
  const fields = new Map<string, string[]>()
  if (text === '') return fields
  const pairs = text.split('&')
  if (pairs.length > maxFields) return undefined
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    const values = fields.get(name)
    if (values) values.push(value)
    else fields.set(name, [value])
  }
  return fields
}

/** URL-encodes pairs; those without a value are left out. */
export function formatForm(fields: Readonly<Record<string, string | undefined>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  return form.toString()
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  try {
    const decoded = spaced.includes('%') ? decodeURIComponent(spaced) : spaced
    return decoded.isWellFormed() ? decoded : undefined
  } catch {
    return undefined
  }
}
