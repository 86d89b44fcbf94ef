import type { Writer } from './view.ts'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long ago it was, in words; the day itself after a month. Needs no time zone. */
export function ago(date: Date, { now, locale }: Pick<Writer, 'now' | 'locale'>): string {
  const passed = Math.max(0, now - date.getTime())
  if (passed > 30 * 86_400_000)
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date)
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const unit = units.find(([, length]) => passed >= length)
  return unit ? words.format(-Math.floor(passed / unit[1]), unit[0]) : words.format(0, 'second')
}
