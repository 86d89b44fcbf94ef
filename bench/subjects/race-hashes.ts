import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Context, Line, StoreName } from '../claim.ts'
import { percent, perSecond, times } from '../format.ts'
import { type LoadOptions, load, type NextRequest } from '../measure/load.ts'
import { interleave, ratioOf } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import { serving } from './bare.ts'
import { startChild } from './child.ts'
import type { HashQuestion } from './raw-hash.ts'

/** Callers at a time: enough to keep the cores busy, few enough that nobody is refused. */
const CALLERS = 8

type Implementation = 'node-rs' | 'node'

type Target = Pick<LoadOptions, 'pid' | 'port' | 'next' | 'status'>

export interface HashRace {
  what: string
  store: StoreName
  work: HashQuestion['work']
  goals: { raw: number; peer: Readonly<Record<Implementation, number>> }
  ours: Target
  /** Prepares better-auth at a port for its side of the race. */
  peer(port: number): Promise<NextRequest>
}

/**
 * Races what is bound by password hashing against the bare hash and against better-auth. The bare hash runs as many at a
 * time as ours does behind its queue, one a core: more threads would only win a larger share of a busy machine.
 */
export async function raceHashes(context: Context, race: HashRace): Promise<Line[]> {
  await using raw = startChild(new URL('./raw-hash.ts', import.meta.url))
  const database = join(context.folder('better-auth'), `${race.work}-${race.store}.sqlite`)
  await using peer = await serving(
    startChild(new URL('./better-auth.ts', import.meta.url), { args: [database], env: { NODE_ENV: 'production' } }),
    'begin',
  )
  const implementation = await raw.ask<Implementation>('implementation')
  const peerNext = await race.peer(peer.port)
  const duration = Math.max(context.roundMs, 2000)
  const over = async (target: Target) => (await load({ ...target, connections: CALLERS, duration })).rate
  const samples = await interleave(
    {
      raw: () => raw.ask<number>({ work: race.work, callers: availableParallelism(), duration } satisfies HashQuestion),
      ours: () => over(race.ours),
      'better-auth': () => over({ ...peer, next: peerNext }),
    },
    context.rounds,
    context.progress,
  )
  const value = (rate: number) => rate
  const ours = perSecond(median(samples.ours))
  const ofRaw = ratioOf(samples.ours, samples.raw, value)
  const ofPeer = ratioOf(samples.ours, samples['better-auth'], value)
  const { goals, store, what } = race
  const atLeast = goals.peer[implementation]
  return [
    {
      what: `${what} / raw argon2id`,
      store,
      ours,
      baseline: perSecond(median(samples.raw)),
      ratio: percent(ofRaw),
      goal: `>= ${percent(goals.raw)}`,
      met: ofRaw >= goals.raw,
    },
    {
      what: `${what} / better-auth`,
      store,
      ours,
      baseline: perSecond(median(samples['better-auth'])),
      ratio: times(ofPeer),
      goal: `>= ${atLeast}x`,
      met: ofPeer >= atLeast,
    },
  ]
}
