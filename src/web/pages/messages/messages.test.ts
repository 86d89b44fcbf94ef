import { describe, expect, test } from 'vitest'
import { createCatalogues } from './catalogues.ts'
import { chooseLocale } from './choose-locale.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { message, type Template } from './message.ts'

describe('WEB-W115 texts in the language of the reader', () => {
  const { text } = createCatalogues()

  test('values, and texts among them, are put in; plurals follow the language', () => {
    expect(text(message('problem.required', { label: message('field.surname') }), 'en')).toBe('Last Name is required.')
    expect(text(message('problem.required', { label: message('field.surname') }), 'de')).toBe('Nachname wird benötigt.')
    expect(text(message('page.problems', { count: 1 }), 'en')).toBe('Please correct one thing:')
    expect(text(message('page.problems', { count: 3 }), 'de')).toBe('Bitte berichtigen Sie 3 Punkte:')
  })

  test('what a value says is no template itself', () => {
    expect(text(message('home.heading', { name: '{app} {name}' }), 'en')).toBe('Hello, {app} {name}')
  })

  test('words of the developer stay as they are', () => {
    expect(text('Favourite {colour}', 'de')).toBe('Favourite {colour}')
  })

  test('a region without its own texts has those of its language, and any gap is filled in English', () => {
    const own = createCatalogues({ 'pt-BR': { 'login.submit': 'Entrar' }, 'de-CH': { 'field.email': 'Mail' } })
    expect(own.locales).toEqual(['en', 'de', 'pt-BR', 'de-CH'])
    expect(own.text(message('login.submit'), 'pt-BR')).toBe('Entrar')
    expect(own.text(message('register.submit'), 'pt-BR')).toBe('Create Account')
    expect(own.text(message('field.email'), 'de-CH')).toBe('Mail')
    expect(own.text(message('login.submit'), 'de-CH')).toBe('Anmelden')
  })

  test('WEB-W114 own words replace ours', () => {
    const own = createCatalogues({ en: { 'login.submit': 'Come in' } })
    expect(own.text(message('login.submit'), 'en')).toBe('Come in')
    expect(own.text(message('register.submit'), 'en')).toBe('Create Account')
  })

  test.each([
    [{ en: { 'login.sumbit': 'x' } }, 'texts.en["login.sumbit"]: no page has a text of that name'],
    [{ en: { toString: 'x' } }, 'texts.en["toString"]: no page has a text of that name'],
    [{ en: { 'login.heading': 'To {name}' } }, 'no value {name} is given to it; there is {app}'],
    [{ en: { 'login.submit': 'To {name}' } }, 'no value {name} is given to it; there is none'],
    [{ en: { 'login.submit': { one: 'x' } } }, 'with at least "other"'],
    [{ 'no tag': {} }, '"no tag" is no language tag'],
  ])('a mistake in own texts is told: %j', (texts, told) => {
    expect(() => createCatalogues(texts as never)).toThrow(told)
  })

  test('every language names the same values in every text', () => {
    const names = (template: Template) =>
      [...JSON.stringify(template).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== 'count')
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect([key, [...new Set(names(de[key]))].sort()]).toEqual([key, [...new Set(names(en[key]))].sort()])
      expect([key, typeof de[key]]).toEqual([key, typeof en[key]])
    }
  })
})

describe('WEB-W115 a language is chosen per request', () => {
  test.each([
    ['de', 'de'],
    ['de-AT, en;q=0.5', 'de'],
    ['fr, de;q=0.4, en;q=0.9', 'en'],
    ['DE-ch', 'de'],
    ['pt-br', 'pt-BR'],
    ['en;q=0, de;q=0.1', 'de'],
    ['fr', 'en'],
    ['*', 'en'],
    ['de;q=x, en', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [`${'a,'.repeat(1e5)}de`, 'en'],
  ])('%s', (header, expected) => {
    expect(chooseLocale(header, ['en', 'de', 'pt-BR'])).toBe(expected)
  })
})
