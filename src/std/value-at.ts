/**
 * What stands in a JSON value under a name, or under a path of names parted by dots, `[n]` for members of arrays:
 * `data.user.emails[0].value`. A member that has the whole text for its name comes first. Undefined when there is none.
 */
export function valueAt(value: unknown, path: string): unknown {
  const own = memberOf(value, path)
  if (own !== undefined) return own
  const steps = path
    .replaceAll(/\[(\d{1,9})\]/g, '.$1')
    .split('.')
    .filter(Boolean)
  return steps.length > 0 ? steps.reduce(memberOf, value) : undefined
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
