/**
 * The query string of a request, without question mark: lists (`expand`, `orderBy`) joined by commas, custom data with
 * its prefix, undefined members left out. (contract/rest.md §1.9–1.11)
 *
 * @example toQuery({ name: 'a*', expand: ['customData'], customData: { plan: 'pro' } })
 * // name=a*&expand=customData&customData.plan=pro
 */
export function toQuery(members: object): string {
  const pairs: string[] = []
  const add = (name: string, value: unknown) => {
    if (value !== undefined) pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  }
  for (const [name, value] of Object.entries(members)) {
    if (name !== 'customData') add(name, value)
    else for (const [path, wanted] of Object.entries(value ?? {})) add(`customData.${path}`, wanted)
  }
  return pairs.join('&')
}
