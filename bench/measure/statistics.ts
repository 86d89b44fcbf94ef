export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value below which this share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/**
 * How well a single value tells the two kinds apart: the probability that one of `left` is above one of `right`, ties
 * counting half. 0.5 is a coin. (area under the ROC curve, by Mann and Whitney)
 */
export function auc(left: readonly number[], right: readonly number[]): number {
  const sorted = Float64Array.from(right).sort()
  let above = 0
  for (const value of left) {
    const below = rank(sorted, (each) => each < value)
    above += below + (rank(sorted, (each) => each <= value) - below) / 2
  }
  return above / (left.length * right.length)
}

/** How many of the sorted values, counted from the least, hold. */
function rank(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}
