/** More would cost more than the rows they still rule out. */
const MOST_TRIGRAMS = 16

/**
 * What to ask the full-text table for, so that every text that contains `folded` is found: its trigrams, each of which
 * must be there. Undefined for a text that has none. What is found must still be looked at.
 */
export function trigramsOf(folded: string): string | undefined {
  const characters = [...folded]
  const all = new Set<string>()
  for (let at = 0; at + 3 <= characters.length; at++) all.add(characters.slice(at, at + 3).join(''))
  if (all.size === 0) return undefined
  const step = Math.ceil(all.size / MOST_TRIGRAMS)
  const chosen = [...all].filter((_, at) => at % step === 0)
  return chosen.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
}
