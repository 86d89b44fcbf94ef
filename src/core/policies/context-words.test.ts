import { expect, test } from 'vitest'
import { isMadeOfContext } from './context-words.ts'

test.each([
  ['lovelace', ['Lovelace'], true],
  ['Ada.Lovelace!1815', ['ada', 'Lovelace'], true],
  ['12345678lovelace', ['Lovelace'], false],
  ['1234567lovelace', ['Lovelace'], true],
  ['correct horse battery', ['Lovelace', null, undefined, ''], false],
  ['abc', ['Lovelace'], false],
  ['lilili', ['Li'], false],
  ['ＬＯＶＥＬＡＣＥ', ['Lovelace'], true],
  ['weiss-weiß', ['Weiß'], true],
  ['anna-annabella', ['Anna', 'Annabella'], true],
  ['acme-corp-2026', ['Acme, Corp.'], true],
  ['O’Brien99', ['O’Brien'], true],
] as const)('%s, knowing %j', (password, texts, expected) => {
  expect(isMadeOfContext(password, texts)).toBe(expected)
})
