import { narrowing } from './catalogues.ts'

/**
 * The best of the available languages for an `Accept-Language` header; the first of them when nothing fits. A language
 * fits when it is asked for itself or as the base of a regional one. (RFC 9110 §12.5.4, RFC 4647 §3.4)
 *
 * @param available BCP 47 tags, the fallback first
 */
export function chooseLocale(acceptLanguage: string | undefined, available: readonly string[]): string {
  const byName = new Map(available.map((locale) => [locale.toLowerCase(), locale]))
  for (const wanted of wishes(acceptLanguage ?? '')) {
    for (const each of narrowing(wanted)) {
      const found = byName.get(each)
      if (found) return found
    }
  }
  return available[0] as string
}

/** Language ranges in lower case, the dearest first; those at q=0 and the wildcard are left out. */
function wishes(header: string): string[] {
  return header
    .slice(0, 1000)
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.split(';').map((each) => each.trim())
      const q = parameters.find((each) => each.startsWith('q='))?.slice(2)
      return { range, weight: q === undefined ? 1 : Number(q) }
    })
    .filter(({ range, weight }) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/.test(range) && weight > 0 && weight <= 1)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ range }) => range)
}
