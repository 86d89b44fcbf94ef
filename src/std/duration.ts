const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const shape =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/
const units = [365 * day, 30 * day, 7 * day, day, hour, minute, second]

/**
 * Milliseconds of an ISO 8601 duration (`PT1H`, `P60D`, `P1DT12H`, `PT0.5S`), rounded; a year is 365 days, a month 30.
 * `undefined` when the text is none, is negative, or exceeds what a number counts exactly.
 */
export function parseDuration(text: string): number | undefined {
  const parts = shape.exec(text)?.slice(1)
  if (!parts) return undefined
  let ms = 0
  for (const [i, unit] of units.entries()) ms += Number((parts[i] ?? '0').replace(',', '.')) * unit
  const rounded = Math.round(ms)
  return Number.isSafeInteger(rounded) ? rounded : undefined
}
