import { join } from 'node:path'
import type { Claim, Context, Line, StoreName } from './claim.ts'
import { percent, perSecond } from './format.ts'
import { load } from './measure/load.ts'
import { interleave, ratioOf } from './measure/rounds.ts'
import { median } from './measure/statistics.ts'
import { startChild } from './subjects/child.ts'
import type { EmbeddedWriteQuestion } from './subjects/embedded-writes.ts'
import { startLatchkey } from './subjects/latchkey.ts'
import type { WriteQuestion } from './subjects/raw-writes.ts'
import { seededDatabase } from './subjects/seeded.ts'

const CALLERS = 64
/** Connections for writes that the service opens by default. */
const WRITERS = 8
const GOALS = { sqlite: 0.7, postgres: 0.8 } as const

/** One member of custom data changes for each of 64 callers at a time, each answered when it is durable. */
export const customData: Claim = {
  id: 'P9',
  title: 'Update of custom data, durable, 64 callers',
  goal: 'at least 70 % of raw group commit on SQLite, 80 % of raw durable updates on PostgreSQL',
  async run(context) {
    const lines: Line[] = []
    for (const store of context.stores) lines.push(...(await runOn(context, store)))
    return lines
  },
}

async function runOn(context: Context, store: StoreName): Promise<Line[]> {
  await using latchkey = await startLatchkey(context, store)
  const accounts = await latchkey.createAccounts(CALLERS)
  await using raw = startChild(new URL('./subjects/raw-writes.ts', import.meta.url))
  const target =
    store === 'sqlite'
      ? { file: join(context.folder('raw-writes'), 'raw.sqlite') }
      : { url: (await (await context.postgres()).createDatabase()).url, poolSize: WRITERS }
  const { tenant, ids, data, url } = await seededDatabase(context, store, 1000)
  await using embedded = startChild(new URL('./subjects/embedded-writes.ts', import.meta.url), {
    args: [data, ...(url ? [url] : [])],
  })

  let visits = 0
  const next = () => {
    const { path } = accounts[visits % CALLERS] as { path: string }
    return latchkey.request({ method: 'POST', path: `${path}/customData`, body: { visits: ++visits } })
  }
  const duration = context.roundMs
  const samples = await interleave(
    {
      raw: () => raw.ask<number>({ target, callers: CALLERS, duration } satisfies WriteQuestion),
      embedded: () => embedded.ask<number>({ tenant, ids, callers: CALLERS, duration } satisfies EmbeddedWriteQuestion),
      http: async () => (await load({ ...latchkey, connections: CALLERS, next, duration })).rate,
    },
    context.rounds,
    context.progress,
  )
  const goal = GOALS[store]
  const line = (what: string, rates: number[]): Line => {
    const ratio = ratioOf(rates, samples.raw, (rate) => rate)
    return {
      what,
      store,
      ours: perSecond(median(rates)),
      baseline: perSecond(median(samples.raw)),
      ratio: percent(ratio),
      goal: `>= ${percent(goal)}`,
      met: ratio >= goal,
    }
  }
  return [
    line('customData update, embedded / raw', samples.embedded),
    line('customData update, HTTP / raw', samples.http),
  ]
}
