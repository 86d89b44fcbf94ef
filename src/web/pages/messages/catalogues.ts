import { de } from './de.ts'
import { en } from './en.ts'
import type { MessageKey, Template, Text } from './message.ts'

/** A whole language. */
export type Catalogue = Readonly<Record<MessageKey, Template>>
/** A developer's own words by language: of one that is there, the texts to change; of a new one, as many as there are. */
export type OwnTexts = { readonly [locale: string]: { readonly [K in MessageKey]?: Template } }

/** The languages that pages can be written in. */
export interface Catalogues {
  /** BCP 47 tags, English first. */
  readonly locales: readonly string[]
  /** A text in a language of `locales`; where that lacks it, in its base language, then in English. */
  text(text: Text, locale: string): string
}

const shipped: Readonly<Record<string, Catalogue>> = { en, de }

/**
 * The shipped languages with a developer's own texts over them.
 *
 * @throws {TypeError} when a language is no BCP 47 tag, a text has a name that no page asks for, or names a value that
 *   the page does not give
 */
export function createCatalogues(own: OwnTexts = {}): Catalogues {
  const layers = new Map<string, Readonly<Partial<Catalogue>>>(Object.entries(shipped))
  for (const [tag, texts] of Object.entries(own)) {
    const locale = canonical(tag)
    for (const [key, template] of Object.entries(texts)) check(locale, key, template)
    layers.set(locale, { ...layers.get(locale), ...texts })
  }
  const find = (key: MessageKey, locale: string): Template => {
    for (const each of [...narrowing(locale), 'en']) {
      const template = layers.get(each)?.[key]
      if (template !== undefined) return template
    }
    return en[key]
  }
  const write = (text: Text, locale: string): string => {
    if (typeof text === 'string') return text
    const { key, values = {} } = text
    const template = find(key, locale)
    const form = typeof template === 'string' ? template : plural(template, values.count, locale)
    return form.replace(hole, (whole, name: string) => {
      const value = values[name]
      if (typeof value === 'number') return formatsOf(locale).number.format(value)
      return value === undefined ? whole : write(value, locale)
    })
  }
  return { locales: [...layers.keys()], text: write }
}

/** `de-Latn-CH`, then `de-Latn`, then `de`. */
export function narrowing(locale: string): string[] {
  const parts = locale.split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}

const hole = /\{(\w+)\}/g

function plural(forms: Exclude<Template, string>, count: unknown, locale: string): string {
  const category = typeof count === 'number' ? formatsOf(locale).plural.select(count) : 'other'
  return forms[category] ?? forms.other
}

/** Making one costs more than writing a page; there are as many as languages. */
const formats = new Map<string, { plural: Intl.PluralRules; number: Intl.NumberFormat }>()

function formatsOf(locale: string): { plural: Intl.PluralRules; number: Intl.NumberFormat } {
  let found = formats.get(locale)
  if (!found) {
    found = { plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) }
    formats.set(locale, found)
  }
  return found
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] as string
  } catch {
    throw new TypeError(`texts: ${JSON.stringify(tag)} is no language tag such as "fr" or "pt-BR"`)
  }
}

const namesIn = (template: Template): string[] =>
  (typeof template === 'string' ? [template] : Object.values(template)).flatMap((text) =>
    [...text.matchAll(hole)].map(([, name = '']) => name),
  )

function check(locale: string, key: string, template: Template | undefined): void {
  const original = Object.hasOwn(en, key) ? en[key as MessageKey] : undefined
  const where = `texts.${locale}[${JSON.stringify(key)}]`
  if (!original) throw new TypeError(`${where}: no page has a text of that name`)
  const isText = typeof template === 'string' || typeof template?.other === 'string'
  if (!isText) throw new TypeError(`${where} must be a text, or one for each plural category with at least "other"`)
  const given = [...namesIn(original), ...(typeof original === 'string' ? [] : ['count'])]
  const unknown = namesIn(template).find((name) => !given.includes(name))
  if (unknown === undefined) return
  const help = given.length > 0 ? `there is ${given.map((name) => `{${name}}`).join(', ')}` : 'there is none'
  throw new TypeError(`${where}: no value {${unknown}} is given to it; ${help}`)
}
