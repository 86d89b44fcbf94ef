/** Where a hole of a template is: in text, in a tag, in a quoted attribute, at its start where it is an address, or in a script or style. */
export type Place = 'text' | 'tag' | 'value' | 'url' | 'raw'

/** Attributes whose value a browser goes to. */
export const urlAttributes: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'poster', 'cite'])

const known = new WeakMap<TemplateStringsArray, readonly Place[]>()

/**
 * The places of a template's holes, worked out once per template.
 *
 * @throws {TypeError} when one of them cannot be made safe
 */
export function placesOf(strings: TemplateStringsArray): readonly Place[] {
  let places = known.get(strings)
  if (!places) {
    places = scan(strings)
    known.set(strings, places)
  }
  return places
}

interface Cursor {
  in: 'text' | 'tag' | 'value' | 'raw'
  /** The tag last opened, in lower case. */
  tag: string
  /** The attribute whose value it stands in, its quote, and the value so far. */
  attribute: string
  quote: string
  value: string
}

function scan(strings: TemplateStringsArray): Place[] {
  const cursor: Cursor = { in: 'text', tag: '', attribute: '', quote: '', value: '' }
  return strings.flatMap((text, index) => {
    let at = 0
    while (at < text.length) at = step(cursor, text, at)
    if (index === strings.length - 1) {
      if (cursor.in !== 'text') throw new TypeError(`a template ends within a tag, in …${text.slice(-40)}`)
      return []
    }
    const place = placeAt(cursor, text)
    if (cursor.in === 'value') cursor.value += '\u0000'
    return [place]
  })
}

/** Goes on to where something changes; gives the place after it. */
function step(cursor: Cursor, text: string, at: number): number {
  const rest = text.slice(at)
  if (cursor.in === 'text') return stepText(cursor, rest, at)
  if (cursor.in === 'raw') {
    const end = rest.search(new RegExp(`</${cursor.tag}`, 'i'))
    if (end === -1) return text.length
    cursor.in = 'tag'
    cursor.tag = ''
    return at + end + 2
  }
  if (cursor.in === 'value') {
    const end = rest.indexOf(cursor.quote)
    cursor.value += end === -1 ? rest : rest.slice(0, end)
    if (end === -1) return text.length
    cursor.in = 'tag'
    return at + end + 1
  }
  const end = rest.search(/[>"']/)
  if (end === -1) return text.length
  if (rest[end] === '>') {
    cursor.in = cursor.tag === 'script' || cursor.tag === 'style' ? 'raw' : 'text'
    return at + end + 1
  }
  const attribute = /([^\s"'<>/=]+)\s*=\s*$/.exec(text.slice(0, at + end))?.[1]
  if (attribute === undefined) throw new TypeError(`a quote without its attribute, in …${rest.slice(0, end + 1)}`)
  Object.assign(cursor, { in: 'value', attribute: attribute.toLowerCase(), quote: rest[end], value: '' })
  return at + end + 1
}

function stepText(cursor: Cursor, rest: string, at: number): number {
  const start = rest.search(/<[a-z/!]/i)
  if (start === -1) {
    if (rest.endsWith('<') || rest.endsWith('</')) throw new TypeError('the name of a tag cannot be filled')
    return at + rest.length
  }
  if (rest.startsWith('<!--', start)) {
    const end = rest.indexOf('-->', start)
    if (end === -1) throw new TypeError('a comment cannot be filled')
    return at + end + 3
  }
  const name = /^<\/?!?([a-z][^\s/>]*)/i.exec(rest.slice(start))
  if (!name) throw new TypeError('the name of a tag cannot be filled')
  const end = start + name[0].length
  if (end === rest.length) cursor.tag = '?'
  else cursor.tag = rest[start + 1] === '/' ? '' : (name[1] as string).toLowerCase()
  cursor.in = 'tag'
  return at + end
}

function placeAt(cursor: Cursor, before: string): Place {
  if (cursor.in === 'text' || cursor.in === 'raw') return cursor.in
  const { attribute, value, tag } = cursor
  if (cursor.in === 'tag') {
    if (/=\s*$/.test(before)) throw new TypeError(`an attribute without quotes, in …${before.slice(-40)}`)
    // it ends in the tag's name, which attributes() part from their own by a blank
    if (tag === '?') cursor.tag = (/<([a-z][^\s/>]*)$/i.exec(before)?.[1] ?? '').toLowerCase()
    return 'tag'
  }
  if (/^on|^style$|^srcdoc$/.test(attribute)) throw new TypeError(`the attribute ${attribute} cannot be filled`)
  if (!urlAttributes.has(attribute)) return 'value'
  if (value === '') return 'url'
  if (/^(?:https?:\/\/[^/]+\/|[/?#])/i.test(value)) return 'value'
  throw new TypeError(`the beginning of ${attribute} must say what kind of address it is`)
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it stands in HTML, between tags or within quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}

const safe = /^(?:https?:|mailto:|data:image\/(?:avif|gif|jpeg|png|svg\+xml|webp)[;,])/i

/** The address, or `about:invalid` where a browser would run or read something else. (URL Standard §4.4) */
export function safeUrl(url: string): string {
  // what browsers drop before they look for the scheme
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters
  const read = url.replace(/[\t\n\r]/g, '').replace(/^[\u0000- ]+/, '')
  const hasScheme = /^[^/?#]*:/.test(read)
  return !hasScheme || safe.test(read) ? url : 'about:invalid'
}
