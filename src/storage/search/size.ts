import { type Counted, readCount } from '../counts.ts'
import type { Access } from '../reader.ts'
import { type Ask, askSize } from './ask.ts'

/** Sizes are counted up to here by whoever asks, beyond where long reads go. */
export const COUNTED_AT_ONCE = 10_000
/** A collection this small is looked through member by member. */
export const SMALL = 1000
/** Ways that are each counted at once. */
const MOST_COUNTED = 10

/** The size of a whole collection: kept, or counted. */
export async function sizeOf({ access, query, source }: Ask): Promise<number> {
  if (source.counted) {
    const sizes = await Promise.all(source.counted.collections.map((counted) => keptSize(access, counted)))
    return sizes.reduce((sum, size) => sum + size, source.counted.more)
  }
  const whole: Ask = { access, query: { ...query, orderBy: [] }, source }
  if (source.ways.length <= MOST_COUNTED) {
    const some = await askSize(whole, access.fast, COUNTED_AT_ONCE + 1)
    if (some <= COUNTED_AT_ONCE) return some
  }
  return askSize(whole, access.slow)
}

export async function keptSize(access: Access, counted: Counted): Promise<number> {
  await access.beforeCount?.()
  const { size, rows } = await readCount(access.fast, counted)
  access.summed?.(counted, rows)
  return size
}

/** Whether the collection, criteria aside, has so few members that a scan is nothing. */
export async function isSmall({ access, query, source }: Ask): Promise<boolean> {
  if (source.ways.length > MOST_COUNTED) return false
  const { q: _, criteria: __, orderBy: ___, ...whole } = query
  return (await askSize({ access, query: whole, source }, access.fast, SMALL + 1)) <= SMALL
}
