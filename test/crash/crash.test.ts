import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Edit, makeMutant } from '../support/mutant.ts'
import { startCluster } from '../support/postgres.ts'
import type { ServiceOptions } from '../support/service.ts'
import { judge, type Query, queryPostgres, querySqlite } from './oracle.ts'
import { killUnderLoad } from './trial.ts'

const SEED = 20141
const MINUTES = 60_000

interface Ground {
  service: ServiceOptions
  query(): Promise<Query>
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-crash-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const grounds: Record<string, () => Promise<Ground>> = {
  async sqlite() {
    const data = await temporaryFolder()
    return { service: { data }, query: async () => querySqlite(join(data, 'latchkey.sqlite')) }
  },
  async postgres() {
    const data = await temporaryFolder()
    const cluster = await startCluster({ durable: true })
    onTestFinished(() => cluster.remove())
    const { url } = await cluster.createDatabase()
    return {
      service: { data, env: { LATCHKEY_DATABASE_URL: url } },
      query: () => queryPostgres(url),
    }
  },
}

/** The same trial on a build without the guard must find the harm, or the trial proves nothing. */
const weakened: Record<string, { stores: string[]; edits: Edit[] }> = {
  'that answers before it commits': {
    stores: ['sqlite'],
    edits: [
      {
        file: 'storage/sqlite/group-commit.ts',
        find: '    done.push({ job, outcome })\n    if (!control.isOpen()) throw dropped(outcome)\n',
        replace: '    done.push({ job, outcome })\n    job.answer(outcome)\n',
      },
      {
        file: 'storage/sqlite/group-commit.ts',
        find: '  }\n  control.commit()\n}',
        replace: '  }\n  await new Promise((resolve) => setTimeout(resolve, 40))\n  control.commit()\n}',
      },
    ],
  },
  'that writes the event outside the transaction': {
    stores: ['sqlite', 'postgres'],
    edits: [
      {
        file: 'core/write.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source
        find: '  await record(work, {\n    type: `${name}.created`,',
        replace:
          '  const late = (what: Parameters<typeof record>[1]) =>\n' +
          '    setTimeout(() => work.services.store.write((tx) => record({ ...work, tx }, what)).catch(() => {}), 40)\n' +
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source
          '  late({\n    type: `${name}.created`,',
      },
    ],
  },
}

describe.each(Object.keys(grounds))('a service killed under load, on %s', (store) => {
  test('loses nothing it acknowledged and leaves nothing half-written, over 50 kills under 32 writers', {
    timeout: 15 * MINUTES,
  }, async () => {
    const ground = await grounds[store]?.()
    if (!ground) throw new Error(`no ground ${store}`)
    const trial = await killUnderLoad(ground.service, 50, SEED)
    const query = await ground.query()
    const verdict = await judge(trial, query)
    await query.close()
    expect(verdict).toMatchObject({ lost: [], partial: [] })
    // Enough happened for the trial to mean something.
    expect(verdict.acknowledged).toBeGreaterThan(500)
    expect(verdict.unknown).toBeGreaterThan(50)
  })

  for (const [name, { stores, edits }] of Object.entries(weakened)) {
    if (!stores.includes(store)) continue
    test(`is caught in a build ${name}`, { timeout: 10 * MINUTES }, async () => {
      const ground = await grounds[store]?.()
      if (!ground) throw new Error(`no ground ${store}`)
      const mutant = await makeMutant(edits)
      onTestFinished(mutant.remove)
      const trial = await killUnderLoad({ ...ground.service, root: mutant.root }, 6, SEED)
      const query = await ground.query()
      const { lost, partial } = await judge(trial, query)
      await query.close()
      expect(lost.length + partial.length).toBeGreaterThan(0)
    })
  }
})
