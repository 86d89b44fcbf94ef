import { fullFoldings, simpleFoldings } from './fold-table.ts'

const ascii = /^[\0-\x7f]*$/
const visibleAscii = /^[!-~]*$/
// Visible ASCII is what RFC 5321 lets an address hold (dot-atom, quoted local part, domain literal). Of what RFC 6531
// adds, letters, marks and digits only, and none of those that draw nothing (fillers, variation selectors): an
// invisible character makes twins.
const identity = /^(?:[!-~]|(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{Nd}])*$/u

/**
 * The form in which texts are compared without regard to case and width: NFKC, Unicode full case folding with `ı` and
 * `İ` mapped to `i` besides, NFKC again. Key of search and, through `identityKey`, of uniqueness. Idempotent.
 * (defaults.md, "Identity keys")
 *
 * @example fold('Straße') === fold('STRASSE')
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  const table = foldings()
  let folded = ''
  for (const character of text.normalize('NFKC')) folded += table.get(character) ?? character
  return folded.normalize('NFKC')
}

/**
 * The uniqueness key of an e-mail address or username: its fold, or `undefined` when that holds a character that none of
 * them may hold: spaces, controls, joiners and other invisible characters, symbols, non-ASCII punctuation, lone
 * surrogates.
 */
export function identityKey(text: string): string | undefined {
  const key = fold(text)
  return visibleAscii.test(key) || identity.test(key) ? key : undefined
}

let table: Map<string, string> | undefined

function foldings(): Map<string, string> {
  table ??= readTable()
  return table
}

function readTable(): Map<string, string> {
  const read = new Map<string, string>()
  for (const run of simpleFoldings.split(' ')) {
    const [, start = '', delta = '', count = '1', step = '1'] =
      /^(.+?)([+-]\d+)(?:\*(\d+))?(?:\/(\d))?$/.exec(run) ?? []
    for (let i = 0; i < Number(count); i++) {
      const from = Number.parseInt(start, 16) + i * Number(step)
      read.set(String.fromCodePoint(from), String.fromCodePoint(from + Number(delta)))
    }
  }
  for (const pair of fullFoldings.split(' ')) {
    const [from = '', to = ''] = pair.split('=')
    read.set(character(from), to.split('+').map(character).join(''))
  }
  return read.set('ı', 'i').set('İ', 'i')
}

function character(hex: string): string {
  return String.fromCodePoint(Number.parseInt(hex, 16))
}
