import { escapeHtml, type Place, placesOf, safeUrl, urlAttributes } from './html-places.ts'

/** Markup that is safe to send. Only this module makes it, so that no foreign object can pass for it. */
class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Attributes of a tag, each with a blank before it. */
class Attributes {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

export type { Attributes, Markup }

/** What stands for nothing. */
type Nothing = null | undefined | false
/** What a hole in the text of a page takes. */
export type Content = string | number | Markup | Nothing | readonly Content[]

/**
 * Markup from a template. What fills a hole is escaped for its place: text, a quoted attribute, or a quoted attribute
 * that holds an address, where anything but http, https, mailto, a path or an image's data becomes `about:invalid`.
 * Markup and arrays go into text, `attributes(…)` into a tag. `null`, `undefined` and `false` leave no trace.
 *
 * @throws {TypeError} when a hole cannot be made safe: an unquoted attribute, an event handler, a style, a script, a
 *   comment, the name of a tag; and when something fills it that has no business there, such as an object
 * @example html`<a href="${address}">${name}</a>`.toString()
 */
export function html(strings: TemplateStringsArray, ...contents: (Content | Attributes)[]): Markup {
  const places = placesOf(strings)
  let text = strings[0] as string
  for (const [index, content] of contents.entries()) {
    text += fill(places[index] as Place, content) + strings[index + 1]
  }
  return new Markup(text)
}

/** Text that is markup already. Never for anything that came from outside. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

/**
 * Attributes for a tag: `true` gives the bare name, `false`, `null` and `undefined` leave it out.
 *
 * @example html`<input${attributes({ name, required: true, value })}>`
 */
export function attributes(record: Readonly<Record<string, string | number | true | Nothing>>): Attributes {
  let text = ''
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined || value === null || value === false) continue
    if (!/^[a-z][a-z-]*$/.test(name) || /^on|^style$|^srcdoc$/.test(name)) {
      throw new TypeError(`${name} is no attribute that can be filled`)
    }
    if (value === true) text += ` ${name}`
    else text += ` ${name}="${fill(urlAttributes.has(name) ? 'url' : 'value', value)}"`
  }
  return new Attributes(text)
}

function fill(place: Place, content: Content | Attributes): string {
  if (content === null || content === undefined || content === false) return ''
  if (content instanceof Attributes) {
    if (place !== 'tag') throw new TypeError('attributes() belong into a tag')
    return content.toString()
  }
  if (place === 'tag') throw new TypeError('a tag takes attributes() only')
  if (content instanceof Markup) {
    if (place !== 'text' && place !== 'raw') throw new TypeError('markup belongs into text')
    return content.toString()
  }
  if (place === 'raw') throw new TypeError('a script or style takes trusted() only')
  if (typeof content === 'string') return escapeHtml(place === 'url' ? safeUrl(content) : content)
  if (typeof content === 'number') return String(content)
  if (Array.isArray(content) && place === 'text') return content.map((each) => fill('text', each)).join('')
  throw new TypeError(`${Object.prototype.toString.call(content)} cannot fill a ${place} hole`)
}
