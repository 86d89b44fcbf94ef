/** A decimal number as hash formats write it: no sign, no leading zero, at most ten digits. */
export function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined
}

/**
 * The parameters of a PHC string, `m=19456,t=2,p=1`, in any order; `undefined` unless each given name is there once and
 * nothing else is.
 */
export function parseParameters<K extends string>(text: string, names: readonly K[]): Record<K, number> | undefined {
  const found = new Map<string, number>()
  const parts = text.split(',')
  for (const part of parts) {
    const [name = '', value, ...rest] = part.split('=')
    const count = parseCount(value)
    if (count === undefined || rest.length > 0 || !names.includes(name as K)) return undefined
    found.set(name, count)
  }
  if (found.size !== names.length || parts.length !== names.length) return undefined
  return Object.fromEntries(found) as Record<K, number>
}
