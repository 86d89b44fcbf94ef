const prefix = 'customData.'
const maxLength = 2048

/** Whether the name of a parameter or of an ordering speaks of custom data. */
export function isCustomDataPath(name: string): boolean {
  return name.startsWith(prefix)
}

/** `customData.a.b` as `['a', 'b']`; undefined when a name is empty or the whole too long. (contract/rest.md §1.9 d) */
export function parseCustomDataPath(name: string): string[] | undefined {
  if (name.length > maxLength) return undefined
  const path = name.slice(prefix.length).split('.')
  return path.includes('') ? undefined : path
}
