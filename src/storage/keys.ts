import { fold } from '../std/fold.ts'

/** Most characters of a folded text that an index holds: PostgreSQL refuses index rows above some 2,700 bytes. */
export const KEY_LENGTH = 600

/** The folded text as indexes hold it, cut after `KEY_LENGTH` characters. */
export function cutKey(folded: string): string {
  if (folded.length <= KEY_LENGTH) return folded
  const last = folded.charCodeAt(KEY_LENGTH - 1)
  const splitsPair = last >= 0xd800 && last < 0xdc00
  return folded.slice(0, splitsPair ? KEY_LENGTH - 1 : KEY_LENGTH)
}

/** What a text is compared, searched and sorted by. */
export const keyOf = (text: string): string => cutKey(fold(text))

/**
 * The smallest text greater than every text that begins with `prefix`, in the order of UTF-8 bytes that both databases
 * use (BINARY, "C"); undefined when there is none.
 */
export function afterPrefix(prefix: string): string | undefined {
  const characters = [...prefix]
  while (characters.length > 0) {
    const code = characters.pop()?.codePointAt(0) ?? 0
    if (code === 0x10ffff) continue
    const next = code === 0xd7ff ? 0xe000 : code + 1
    return characters.join('') + String.fromCodePoint(next)
  }
  return undefined
}
