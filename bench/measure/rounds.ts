import { median } from './statistics.ts'

/** Something that is measured in turn with others. */
export type Contender<S> = (round: number) => Promise<S>

/**
 * Measures contenders in turn, round after round, each round beginning with another one: whatever else the machine does
 * meets all of them alike, so that ratios within a round mean something where absolute numbers do not.
 */
export async function interleave<S, N extends string>(
  contenders: Readonly<Record<N, Contender<S>>>,
  count: number,
  progress: (text: string) => void = () => {},
): Promise<Record<N, S[]>> {
  const names = Object.keys(contenders) as N[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<N, S[]>
  for (let round = 0; round < count; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + round) % names.length] as N
      progress(`round ${round + 1} of ${count}: ${name}`)
      samples[name].push(await contenders[name](round))
    }
  }
  return samples
}

/** The median of the ratios of each round. */
export function ratioOf<S>(ours: readonly S[], theirs: readonly S[], value: (sample: S) => number): number {
  return median(ours.map((sample, round) => value(sample) / value(theirs[round] as S)))
}
