const quote = 0x22
const minus = 0x2d
const backslash = 0x5c

/** What one pass over a JSON text tells before it is parsed. The text need not be valid. */
export interface Scan {
  /** Some place is nested deeper than allowed; the scan stopped there. */
  tooDeep: boolean
  /** Every number is one that JavaScript prints back exactly as written. */
  exact: boolean
}

/**
 * Scans a JSON text in linear time and constant stack. Depth counts arrays and objects: a scalar is at 0, `[]` and `{}`
 * are 1 deep.
 */
export function scanJson(text: string, maxDepth: number): Scan {
  let depth = 0
  let exact = true
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (opens(code)) {
      if (++depth > maxDepth) return { tooDeep: true, exact }
    } else if (closes(code)) depth--
    else if (code === minus || isDigit(code)) {
      const end = endOfNumber(text, at)
      if (exact && !printsBack(text, at, end)) exact = false
      at = end - 1
    }
  }
  return { tooDeep: false, exact }
}

/** Index of the quote that ends the string whose opening quote is at `start`; the text's length when there is none. */
export function endOfString(text: string, start: number): number {
  for (let at = start; ; ) {
    at = text.indexOf('"', at + 1)
    if (at === -1) return text.length
    let first = at
    while (text.charCodeAt(first - 1) === backslash) first--
    if ((at - first) % 2 === 0) return at
  }
}

/** Index after the value that begins at `start`, in valid JSON: that of the comma or bracket that ends it. */
export function endOfValue(text: string, start: number): number {
  let depth = 0
  let at = start
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (opens(code)) depth++
    else if (closes(code)) {
      if (depth-- === 0) return at
    } else if (code === 0x2c && depth === 0) return at
  }
  return at
}

/** Index of the first character at or after `start` that is not JSON white space. */
export function skipSpace(text: string, start: number): number {
  let at = start
  for (; ; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
  }
}

function opens(code: number): boolean {
  return code === 0x7b || code === 0x5b
}

function closes(code: number): boolean {
  return code === 0x7d || code === 0x5d
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Index after the number that begins at `start`, and after all that could belong to one. */
export function endOfNumber(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // Digits and + - . E e
    if (!isDigit(code) && code !== 0x2b && code !== minus && code !== 0x2e && code !== 0x45 && code !== 0x65) break
  }
  return at
}

/** Whether JavaScript prints the number between these indexes as it is written. */
export function printsBack(text: string, start: number, end: number): boolean {
  if (end - start <= 15 && allDigits(text, start, end)) return true
  const written = text.slice(start, end)
  return String(Number(written)) === written
}

function allDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false
  return true
}
