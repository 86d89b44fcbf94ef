import { expect, test } from 'vitest'
import { fold } from './fold.ts'
import { fullFoldings, simpleFoldings } from './fold-table.ts'

const turkic = new Map([
  ['ı', 'i'],
  ['İ', 'i'],
])

/** Case folding of one character by the engine's own data: lower(upper(lower(c))), Cherokee folding to its capitals. */
function foldingOf(code: number): string {
  const character = String.fromCodePoint(code)
  if (code >= 0x13a0 && code <= 0x13f5) return character
  if (code >= 0x13f8 && code <= 0x13fd) return String.fromCodePoint(code - 8)
  if (code >= 0xab70 && code <= 0xabbf) return String.fromCodePoint(code - 0xab70 + 0x13a0)
  return [...character.toLowerCase().toUpperCase()].map((each) => each.toLowerCase()).join('')
}

test.runIf(process.versions.unicode === '17.0')('says of every character what the engine knows', () => {
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code)
    const expected = turkic.get(character) ?? foldingOf(code)
    // Normal forms are not the table's business, so each side gets them.
    if (fold(character) !== foldAfterNormalizing(character, expected)) expect.fail(`U+${code.toString(16)}`)
  }
})

function foldAfterNormalizing(character: string, expected: string): string {
  const normal = character.normalize('NFKC')
  if (normal === character) return expected.normalize('NFKC')
  return [...normal]
    .map((each) => turkic.get(each) ?? foldingOf(each.codePointAt(0) ?? 0))
    .join('')
    .normalize('NFKC')
}

test('has as many entries as CaseFolding-17.0.0 has of status C and F', () => {
  const counts = simpleFoldings.split(' ').map((run) => Number(/\*(\d+)/.exec(run)?.[1] ?? 1))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1481)
  expect(fullFoldings.split(' ').length).toBe(104)
})
