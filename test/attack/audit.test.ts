import { randomBytes } from 'node:crypto'
import type * as Chains from '../../src/core/events/chain.ts'
import type * as Verifying from '../../src/core/events/verify-chain.ts'
import type { Store } from '../../src/core/ports.ts'
import type * as Seals from '../../src/crypto/seal.ts'
import type { Database } from '../../src/storage/database.ts'
import type * as Migrating from '../../src/storage/migrations/runner.ts'
import type * as Sqlite from '../../src/storage/sqlite/database.ts'
import type * as Stores from '../../src/storage/store.ts'
import { newId, tenantEntity } from '../support/entities.ts'
import { repository } from '../support/mutant.ts'
import { type Attackable, describeAttacksOn, type Ground } from './attack.ts'
import { loadSource } from './target.ts'

const EVENTS = 40

/** The log of one tenant, and the hand of somebody who can write the database and nothing else. */
interface Log extends Attackable {
  tenant: string
  store: Store
  database: Database
  tamper(sql: string, ...parameters: (string | number)[]): Promise<unknown>
  /** What a verification finds. */
  verify(anchor?: Verifying.Anchor): Promise<Verifying.ChainVerdict>
  /** A further log, untouched. */
  fresh(): Promise<Log>
}

async function startLog({ root = repository }: Ground): Promise<Log> {
  const from = <T>(file: string) => loadSource<T>(root, file)
  const { openSqlite } = await from<typeof Sqlite>('storage/sqlite/database.ts')
  const { createMigrator } = await from<typeof Migrating>('storage/migrations/runner.ts')
  const { createStore } = await from<typeof Stores>('storage/store.ts')
  const { createChains } = await from<typeof Chains>('core/events/chain.ts')
  const { verifyChain } = await from<typeof Verifying>('core/events/verify-chain.ts')
  const { createSeal, createDataKey } = await from<typeof Seals>('crypto/seal.ts')
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }])
  const database = await openSqlite({ inMemory: true })
  await createMigrator(database).up()
  const store = createStore(database, { chains: createChains(seal) })

  async function fill(): Promise<Log> {
    const made = tenantEntity()
    const place = { tenant: made.id, table: 'tenant', row: made.id, column: 'eventKey' }
    await store.write((tx) => tx.insert('tenant', { ...made, eventKey: seal.seal(createDataKey(), place) }))
    await store.write(async (tx) => {
      for (let at = 0; at < EVENTS; at++) {
        await tx.append({
          id: newId(),
          tenant: made.id,
          at: 1000 + at,
          type: 'account.updated',
          actor: { kind: 'system', id: 'test' },
          resource: { resource: 'account', id: newId() },
          changed: ['email'],
          requestId: `request-${at}`,
          diff: 'sealed',
        })
      }
    })
    await store.lastPosition(made.id)
    return {
      tenant: made.id,
      store,
      database,
      tamper: (sql, ...parameters) => database.write((connection) => connection.run(sql, parameters)),
      verify: (anchor) => verifyChain({ store, seal }, made.id, anchor ? { anchor } : {}),
      fresh: fill,
      troubles: () => [],
      stop: () => store.close(),
    }
  }
  return fill()
}

/** Whether it was found, and where. */
async function unnoticed(log: Log, at: number, anchor?: Verifying.Anchor): Promise<string | undefined> {
  const { fault } = await log.verify(anchor)
  if (!fault) return 'the log verifies'
  return Math.abs(fault.position - at) <= 1 ? undefined : `found at ${fault.position} instead of ${at}`
}

const LINK_CHECK = {
  file: 'core/events/verify-chain.ts',
  find: "if (!sameSecret(link, logged.hash ?? ''))",
  replace: 'link = logged.hash as string\n      if (logged.position < 0)',
}

describeAttacksOn<Log, Ground>(startLog, 'The log', [
  {
    id: 'GOAL-M9',
    title: 'changing any single column of an event',
    guard: 'the comparison of links',
    edits: [LINK_CHECK],
    async run(log) {
      for (const column of [
        'type',
        'actor_id',
        'target_id',
        'changed',
        'request_id',
        'diff',
        'network',
        'created_at',
      ]) {
        const one = await log.fresh()
        const value = column === 'created_at' ? 7 : column === 'changed' ? '["other"]' : 'other'
        await one.tamper(`update events set ${column} = ? where tenant_id = ? and position = 17`, value, one.tenant)
        const harm = await unnoticed(one, 17)
        if (harm) return `${column}: ${harm}`
      }
    },
  },
  {
    id: 'GOAL-M9',
    title: 'deleting an event and closing the gap',
    guard: 'the comparison of links',
    edits: [LINK_CHECK],
    async run(log) {
      const one = await log.fresh()
      await one.tamper('delete from events where tenant_id = ? and position = 11', one.tenant)
      if (await unnoticed(one, 11)) return 'the gap was not noticed'
      // SQLite looks at the unique index row by row.
      for (let at = 12; at <= EVENTS; at++) {
        await one.tamper('update events set position = ? where tenant_id = ? and position = ?', at - 1, one.tenant, at)
      }
      await one.tamper('update event_positions set position = ? where tenant_id = ?', EVENTS - 1, one.tenant)
      const { fault } = await one.verify()
      const { seal: _, ...state } = await one.store.chainState(one.tenant)
      if (!fault) return `the log verifies at ${state.position}`
      // Without the seal over the ends, the links tell it.
      const two = await log.fresh()
      await two.tamper('update events set position = null where tenant_id = ? and position = 5', two.tenant)
      await two.tamper('update events set position = 5 where tenant_id = ? and position = 6', two.tenant)
      await two.tamper('update events set position = 6 where tenant_id = ? and position is null', two.tenant)
      return unnoticed(two, 5)
    },
  },
  {
    id: 'GOAL-M9',
    title: 'cutting off the end, ends and all',
    guard: 'the seal over the ends',
    edits: [
      {
        file: 'core/events/verify-chain.ts',
        find: 'return sameSecret(chain.sealEnds(ends), seal)',
        replace: 'return sameSecret(chain.sealEnds(ends), seal) || true',
      },
    ],
    async run(log) {
      const one = await log.fresh()
      const [kept] = await one.store.loggedEvents(one.tenant, 29, 1)
      await one.tamper('delete from events where tenant_id = ? and position > 30', one.tenant)
      await one.tamper(
        'update event_positions set position = 30, head = ? where tenant_id = ?',
        kept?.hash as string,
        one.tenant,
      )
      const { fault } = await one.verify()
      return fault ? undefined : 'the log verifies without its end'
    },
  },
  {
    id: 'GOAL-M9',
    title: 'putting an older copy of the whole log in its place',
    guard: 'the anchor kept elsewhere',
    edits: [
      {
        file: 'core/events/verify-chain.ts',
        find: 'if (!anchored) return',
        replace: 'if (!anchored && count < 0) return',
      },
    ],
    async run(log) {
      const one = await log.fresh()
      const older = await one.store.chainState(one.tenant)
      await one.store.write((tx) =>
        tx.append({
          id: newId(),
          tenant: one.tenant,
          at: 5,
          type: 'x.y',
          actor: { kind: 'system', id: 'test' },
          resource: { resource: 'account', id: 'a' },
          changed: [],
          requestId: 'r',
        }),
      )
      const { position, head } = await one.verify()
      await one.tamper('delete from events where tenant_id = ? and position > ?', one.tenant, older.position)
      await one.tamper(
        'update event_positions set position = ?, head = ?, seal = ? where tenant_id = ?',
        older.position,
        older.head,
        older.seal,
        one.tenant,
      )
      const { fault } = await one.verify({ position, hash: head })
      return fault ? undefined : 'the older copy verifies'
    },
  },
  {
    id: 'GOAL-M9',
    title: 'a link made without the key',
    guard: 'the key',
    edits: [
      {
        file: 'core/events/chain.ts',
        find: "const secret = seal && eventKey !== undefined ? seal.open(eventKey, place) : ''",
        replace: "void [seal, eventKey, place]\n    const secret = ''",
      },
    ],
    async run(log) {
      const { createChains } = await loadSource<typeof Chains>(repository, 'core/events/chain.ts')
      const one = await log.fresh()
      const chain = createChains()(one.tenant, undefined)
      await one.tamper("update events set type = 'forged' where tenant_id = ? and position = 1", one.tenant)
      let link = ''
      for (const logged of await one.store.loggedEvents(one.tenant, 0, EVENTS)) {
        link = chain.link(link, logged)
        await one.tamper(
          'update events set hash = ? where tenant_id = ? and position = ?',
          link,
          one.tenant,
          logged.position,
        )
      }
      const ends = { position: EVENTS, head: link, removed: 0, removedHead: '' }
      await one.tamper(
        'update event_positions set head = ?, seal = ? where tenant_id = ?',
        link,
        chain.sealEnds(ends),
        one.tenant,
      )
      const { fault } = await one.verify()
      return fault ? undefined : 'the forged chain verifies'
    },
  },
])
