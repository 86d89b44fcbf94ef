import { fold } from '../../std/fold.ts'

/** Shorter words say too little about anybody. */
const SHORTEST_WORD = 3
/** What must be left: NIST SP 800-63B-4 allows no shorter password. */
const SHORTEST_REST = 8

/**
 * Whether a password is little more than words that anyone would try first: what is left of it without them has fewer
 * than 8 characters. Case, width and diacritics make no difference. A long passphrase may hold such a word: NIST has whole
 * passwords compared with what is expected, not what stands inside them (SP 800-63B-4, 3.1.1.2).
 *
 * @param texts names, addresses and the like; each is taken word by word
 */
export function isMadeOfContext(password: string, texts: readonly (string | null | undefined)[]): boolean {
  const plain = toPlain(password)
  let rest = plain
  for (const word of wordsOf(texts)) rest = rest.replaceAll(word, '')
  return rest !== plain && [...rest].length < SHORTEST_REST
}

/** The longest first: it may hold others. */
function wordsOf(texts: readonly (string | null | undefined)[]): string[] {
  const words = texts.flatMap((text) => toPlain(text ?? '').match(/[\p{L}\p{N}]+/gu) ?? [])
  return [...new Set(words)]
    .filter(({ length }) => length >= SHORTEST_WORD)
    .toSorted((one, other) => other.length - one.length)
}

const toPlain = (text: string): string => fold(text).normalize('NFD').replace(/\p{M}/gu, '')
