import type { Claim } from './claim.ts'
import { cycle, toRequest } from './measure/load.ts'
import { serving } from './subjects/bare.ts'
import { startChild } from './subjects/child.ts'
import { startLatchkey } from './subjects/latchkey.ts'
import type { PostgresReadQuestion } from './subjects/postgres-read.ts'
import { raceReads } from './subjects/race-reads.ts'

/** Connections that the service opens by default. */
const POOL_SIZE = 12

/** The same on PostgreSQL, where the key is looked up each time, against the mere read of the row. */
export const readPostgres: Claim = {
  id: 'P5',
  title: 'GET of an account on PostgreSQL',
  goal: 'at least 80 % of the raw pooled query rate',
  async run(context) {
    if (!context.stores.includes('postgres')) return []
    await using latchkey = await startLatchkey(context, 'postgres')
    const accounts = await latchkey.createAccounts(16)
    const gets = accounts.map(({ path }) => latchkey.request({ path }))
    const id = accounts[0]?.path.split('/').at(-1) as string
    const row = startChild(new URL('./subjects/postgres-read.ts', import.meta.url))
    await using raw = await serving(row, {
      url: latchkey.databaseUrl as string,
      poolSize: POOL_SIZE,
      tenant: await latchkey.tenant(),
      id,
    } satisfies PostgresReadQuestion)
    const rawGet = toRequest(raw.port, { path: '/' })
    return await raceReads(context, {
      what: 'GET account, Basic / raw pooled query',
      store: 'postgres',
      ours: { ...latchkey, requests: () => cycle(gets) },
      baseline: { ...raw, requests: () => cycle([rawGet]) },
      goals: { rate: 0.8 },
    })
  },
}
