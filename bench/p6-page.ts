import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Claim, Context, Line } from './claim.ts'
import { percent, perSecond } from './format.ts'
import { cycle, load, type Sample, toRequest } from './measure/load.ts'
import { partOf, selfTime } from './measure/profile.ts'
import { interleave, ratioOf } from './measure/rounds.ts'
import { median } from './measure/statistics.ts'
import { startBare } from './subjects/bare.ts'
import { startLatchkey } from './subjects/latchkey.ts'

/** 5 k/s where a bare answer of 300 bytes is sent 60 k/s. */
const GOAL = 5 / 60
const ACCOUNTS = 200
const CALLERS = 32

export const page: Claim = {
  id: 'P6',
  title: 'Page of 25 accounts with the size of the whole, on SQLite',
  goal: 'at least 5 k/s where bare node:http is 60 k/s; mostly serialising',
  async run(context) {
    if (!context.stores.includes('sqlite')) return []
    await using bare = await startBare(300)
    const bareGet = cycle([toRequest(bare.port, { path: '/' })])
    await using latchkey = await startLatchkey(context, 'sqlite')
    await latchkey.createAccounts(ACCOUNTS)
    const gets = Array.from({ length: ACCOUNTS / 25 }, (_, at) =>
      latchkey.request({ path: `${latchkey.directory}/accounts?limit=25&offset=${at * 25}` }),
    )
    const over = (target: { pid: number; port: number }, next = cycle(gets)) =>
      load({ ...target, next, connections: CALLERS, duration: context.roundMs, awake: true })
    await over(latchkey)
    const samples = await interleave<Sample, 'bare' | 'ours'>(
      { bare: () => over(bare, bareGet), ours: () => over(latchkey) },
      context.rounds,
      context.progress,
    )
    const ratio = ratioOf(samples.ours, samples.bare, ({ rate }) => rate)
    const cpu = ratioOf(samples.ours, samples.bare, (sample) => sample.cpu)
    const line = (what: string, value: number): Line => ({
      what,
      store: 'sqlite',
      ours: perSecond(median(samples.ours.map(({ rate }) => rate))),
      baseline: perSecond(median(samples.bare.map(({ rate }) => rate))),
      ratio: percent(value),
      goal: `>= ${percent(GOAL)}`,
      met: value >= GOAL,
    })
    await profileOnce(context)
    return [line('page of 25: throughput / bare', ratio), line('page of 25: the same by CPU', 1 / cpu)]
  },
}

/** Where the time of a page goes. */
async function profileOnce(context: Context): Promise<void> {
  const profile = mkdtempSync(join(context.folder('profiles'), 'page-'))
  context.progress('profile')
  {
    await using latchkey = await startLatchkey({ ...context, flags: { ...context.flags, profile } }, 'sqlite')
    await latchkey.createAccounts(25)
    const get = latchkey.request({ path: `${latchkey.directory}/accounts?limit=25` })
    await load({ ...latchkey, next: cycle([get]), connections: CALLERS, duration: context.roundMs * 2 })
  }
  const buckets = selfTime(profile, partOf).slice(0, 10)
  context.note(`self time: ${buckets.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}`)
}
