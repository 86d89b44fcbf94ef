/** The wider ranges that a media type falls under, from the narrowest. Two browsers' names for pages are one. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'text/html': ['application/xhtml+xml'],
}

/**
 * The media type to answer with, of those offered: the one that the `Accept` header likes best, the first of them where
 * it likes several the same, or no header says anything. `undefined` when it accepts none. (RFC 9110 §12.5.1)
 *
 * @example negotiate('text/html,*\/*;q=0.8', ['application/json', 'text/html']) // 'text/html'
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').map(parseRange)
  let best: T | undefined
  let bestQuality = 0
  for (const type of offered) {
    const quality = qualityOf(type, ranges)
    if (quality > bestQuality) {
      best = type
      bestQuality = quality
    }
  }
  return best
}

interface Range {
  type: string
  quality: number
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';')
  const q = parameters.map((parameter) => /^\s*q\s*=\s*"?([\d.]+)"?\s*$/i.exec(parameter)?.[1]).find(Boolean)
  const quality = q === undefined ? 1 : Number(q)
  return { type: type.trim().toLowerCase(), quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most specific range that covers a type decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const names = [type, ...(aliases[type] ?? [])]
  const exact = ranges.filter((range) => names.includes(range.type))
  if (exact.length > 0) return Math.max(...exact.map(({ quality }) => quality))
  const wider = [`${type.slice(0, type.indexOf('/'))}/*`, '*/*']
  for (const name of wider) {
    const range = ranges.find((range) => range.type === name)
    if (range) return range.quality
  }
  return 0
}
