/** `${name}`, or `$!{name}` which stands for nothing where the name has no value. */
const MACRO = /\$(!?)\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}/g

/** Longest text that one macro brings in, and longest rendered text, in UTF-16 units. */
const MOST_OF_ONE = 4096
const MOST_OF_ALL = 512 * 1024

export type Escape = (text: string) => string

/**
 * A body or subject with its macros replaced (contract/rest.md 6.11). Nothing is evaluated: a macro is a name that is
 * looked up once, and what it brings is not looked at again. A name without a value leaves the plain form as it stands,
 * the quiet one empty. A text that would grow beyond half a million characters is cut there.
 */
export function renderMacros(
  template: string,
  lookUp: (name: string) => string | undefined,
  guard: Escape = (text) => text,
): string {
  let rendered = ''
  let end = 0
  for (const { 0: macro, 1: quiet, 2: name, index } of template.matchAll(MACRO)) {
    const value = lookUp(name as string)
    const shown = value === undefined ? (quiet ? '' : guard(macro)) : guard(value.slice(0, MOST_OF_ONE).toWellFormed())
    rendered += template.slice(end, index) + shown
    end = index + macro.length
    if (rendered.length > MOST_OF_ALL) return rendered.slice(0, MOST_OF_ALL).toWellFormed()
  }
  return rendered + template.slice(end)
}

/** The names of the macros in a text. */
export function macrosOf(template: string): Set<string> {
  return new Set(Array.from(template.matchAll(MACRO), ([, , name]) => name as string))
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml: Escape = (text) => text.replace(/[&<>"']/g, (sign) => entities[sign] as string)

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\' }

/** Java's escapes in the text of a template; a backslash before anything else is a backslash. */
export function unescapeJava(template: string): string {
  return template
    .replace(/\\(?:u([0-9a-fA-F]{4})|([nrtbf"'\\]))/g, (_, hex, sign) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[sign] as string),
    )
    .toWellFormed()
}
