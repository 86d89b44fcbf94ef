/** Longer destinations are not kept. */
const maxLength = 2_000
/** Stands in for an origin that nobody can name in a request. */
const nowhere = 'https://origin.invalid'

/**
 * The destination that a request names, when it stays on this site: path, query and fragment, never with an origin.
 * `undefined` for everything else, so that the caller's own destination holds. (contract/web.md §20)
 *
 * It is resolved as a browser would, by the WHATWG parser; whatever a browser, a proxy or a framework may read otherwise
 * (backslashes, control characters, an empty first segment, also once they are decoded) is refused.
 *
 * @param origin - ours, for destinations that name it; `undefined` where it is not known
 * @example safeDestination('/reports?id=4#top', undefined) // '/reports?id=4#top'
 * @example safeDestination('//evil.example', undefined) // undefined
 */
export function safeDestination(value: string | undefined, origin: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.length > maxLength || isHidden(value)) return undefined
  const base = origin ?? nowhere
  // A scheme is no path, whatever the parser makes of `https:evil.example` on a page of https.
  if (/^[a-z][a-z\d+.-]*:/i.test(value) && !value.startsWith(`${base}/`)) return undefined
  const url = URL.parse(value, base)
  if (!url || url.origin !== base) return undefined
  const { pathname, search, hash } = url
  const decoded = decodeFully(pathname)
  if (decoded === undefined || isHidden(decoded) || /^\/\s*\//.test(decoded)) return undefined
  return `${pathname}${search}${hash}`
}

/** An address with a destination added: `/login` and `/me` give `/login?next=%2Fme`. */
export function withDestination(address: string, next: string | undefined): string {
  return next === undefined ? address : withParameter(address, 'next', next)
}

/** An address with one more parameter in its query. */
export function withParameter(address: string, name: string, value: string): string {
  const [path = '', fragment] = address.split('#', 2)
  const separator = path.includes('?') ? '&' : '?'
  const hash = fragment === undefined ? '' : `#${fragment}`
  return `${path}${separator}${name}=${encodeURIComponent(value)}${hash}`
}

/** Backslashes, which browsers read as slashes, and what no address holds: controls, blanks at its ends, half characters. */
function isHidden(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|^\s|\s$/.test(text) || !text.isWellFormed()
}

/** Percent-decoded until nothing changes; `undefined` for what cannot be, or never ends. */
function decodeFully(text: string): string | undefined {
  let decoded = text
  for (let round = 0; round < 5; round++) {
    let next: string
    try {
      next = decodeURIComponent(decoded)
    } catch {
      return undefined
    }
    if (next === decoded) return decoded
    decoded = next
  }
  return undefined
}
