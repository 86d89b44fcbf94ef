import { jsonNumberText, parseJson, type RawNumber } from '../std/json.ts'

/** RFC 8259 §6 */
const shape = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/**
 * A number of any size and precision for custom data, kept digit by digit. A plain number where JavaScript prints the
 * same text, otherwise a `RawNumber`, which `JSON.stringify` prints as written. A bigint may be given as it is.
 *
 * @throws {TypeError} when the text is not a JSON number
 * @example await account.customData.set({ balance: exactNumber('1250.00') })
 */
export function exactNumber(text: string): number | RawNumber {
  if (!shape.test(text)) throw new TypeError(`${text} is not a JSON number.`)
  return parseJson(text, { maxDepth: 0 }) as number | RawNumber
}

/**
 * The digits of a number read from custom data, exactly as stored; undefined for anything that is not a number.
 *
 * @example BigInt(numberText(data.serial) ?? 0)
 */
export function numberText(value: unknown): string | undefined {
  return jsonNumberText(value)
}
