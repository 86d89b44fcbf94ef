import type { Context, Line, StoreName } from '../claim.ts'
import { micros, percent, perSecond, times } from '../format.ts'
import { type LoadOptions, load, type NextRequest, type Sample } from '../measure/load.ts'
import { interleave, ratioOf } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'

/** Callers at a time. */
const CALLERS = 32

export interface ReadTarget extends Pick<LoadOptions, 'pid' | 'port'> {
  /** Makes a round's requests, before its time begins. */
  requests(): NextRequest
}

export interface ReadRace {
  what: string
  store: StoreName
  ours: ReadTarget
  baseline: ReadTarget
  /** Least share of the baseline's throughput, and most CPU as a multiple of the baseline's. */
  goals: { rate: number; cpu?: number }
}

/** Races an endpoint against a baseline, in throughput and in the CPU time of the whole process for one answer. */
export async function raceReads(context: Context, { what, store, ours, baseline, goals }: ReadRace): Promise<Line[]> {
  const over = async ({ pid, port, requests }: ReadTarget, duration: number) =>
    load({ pid, port, connections: CALLERS, next: requests(), duration, awake: store === 'sqlite' })
  context.progress('warming up')
  for (const target of [baseline, ours]) await over(target, context.roundMs / 2)
  const samples = await interleave<Sample, 'baseline' | 'ours'>(
    { baseline: () => over(baseline, context.roundMs), ours: () => over(ours, context.roundMs) },
    context.rounds,
    context.progress,
  )
  const of = (value: (sample: Sample) => number) => ({
    ours: median(samples.ours.map(value)),
    baseline: median(samples.baseline.map(value)),
    ratio: ratioOf(samples.ours, samples.baseline, value),
  })
  const rate = of((sample) => sample.rate)
  const cpu = of((sample) => sample.cpu)
  return [
    {
      what: `${what}: throughput`,
      store,
      ours: perSecond(rate.ours),
      baseline: perSecond(rate.baseline),
      ratio: percent(rate.ratio),
      goal: `>= ${percent(goals.rate)}`,
      met: rate.ratio >= goals.rate,
    },
    {
      what: `${what}: CPU`,
      store,
      ours: micros(cpu.ours),
      baseline: micros(cpu.baseline),
      ratio: times(cpu.ratio),
      goal: goals.cpu === undefined ? '' : `<= ${goals.cpu}x`,
      ...(goals.cpu !== undefined && { met: cpu.ratio <= goals.cpu }),
    },
  ]
}
