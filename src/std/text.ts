/**
 * Whether a text can be stored, compared and sent anywhere unchanged: it holds no NUL, where C strings and PostgreSQL
 * end, and no half of a surrogate pair, which UTF-8 cannot express.
 */
export function isWellFormedText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/**
 * Looks for an ill-formed text among the names and strings of a JSON value. Gives the path to the first one, its names
 * joined by dots and made printable, `''` for the value itself; `undefined` when all is well.
 */
export function findBadText(value: unknown): string | undefined {
  return find(value, [])
}

function find(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value === 'string') return isWellFormedText(value) ? undefined : printable(path)
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    for (const element of value) {
      const found = find(element, path)
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const [name, member] of Object.entries(value)) {
    const below = [...path, name]
    if (!isWellFormedText(name)) return printable(below)
    const found = find(member, below)
    if (found !== undefined) return found
  }
  return undefined
}

function printable(path: readonly string[]): string {
  return path.join('.').replaceAll('\0', '\ufffd').toWellFormed()
}
