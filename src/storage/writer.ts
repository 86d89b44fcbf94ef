import type { Channel, Transaction } from '../core/ports.ts'
import type { Entity, ResourceName } from '../resources/registry.ts'
import type { Clock } from '../std/clock.ts'
import { fold } from '../std/fold.ts'
import { tableOf } from './columns.ts'
import { COUNTED, type PendingCounts } from './counts.ts'
import { writeCustomData } from './custom-data.ts'
import type { Connection, DialectName, Value } from './database.ts'
import { appendEvent } from './events.ts'
import { claimAnswer, keepAnswer } from './idempotency.ts'
import { textTable } from './names.ts'
import { consume, issue } from './one-time.ts'
import { queue } from './outbox.ts'
import { createReader } from './reader.ts'
import { removeWhole } from './remove.ts'
import { searchedTexts } from './schema.ts'
import { statementsOf } from './statements.ts'
import { countUsage, forgetUsage, takeUsage } from './usages.ts'
import { explain } from './violations.ts'

export interface TransactionParts {
  connection: Connection
  dialect: DialectName
  counts: PendingCounts
  clock: Clock
  /** Takes what need not be waited for before the end of the transaction; it fails the transaction all the same. */
  later(work: Promise<unknown>): void
  /** Told of what was put into the outbox, and of events, which become posts to webhooks. */
  queued?: (channel: Channel) => void
}

/** The reads and writes of one transaction. */
export function openTransaction({ connection, dialect, counts, clock, later, queued }: TransactionParts): Transaction {
  const reader = createReader({
    dialect,
    fast: connection,
    slow: connection,
    bounded: false,
    beforeCount: () => counts.flush(connection),
  })

  return {
    ...reader,

    async firstTenant() {
      // Who asks inside a transaction is about to make one: others that ask the same wait for the outcome.
      if (dialect === 'postgres') await connection.run('lock table tenants in share row exclusive mode', [])
      return reader.firstTenant()
    },

    async lock(resource, tenant, id) {
      const { get, getLocked } = statementsOf(resource)
      const row = await connection.get(dialect === 'postgres' ? getLocked : get, [tenant, id])
      return row && (tableOf(resource).toEntity(row) as Entity<typeof resource>)
    },

    async insert(resource, entity) {
      const table = tableOf(resource)
      try {
        const { insert } = statementsOf(resource)
        if (dialect === 'sqlite' && searchedTexts(resource).length > 0) {
          const row = await connection.get(`${insert} returning rowid`, table.toValues(entity))
          await insertText(connection, resource, row?.rowid as number, entity)
        } else await connection.run(insert, table.toValues(entity))
      } catch (error) {
        throw await explain(error, connection, resource, entity.tenant, entity)
      }
      for (const scope of COUNTED[resource] ?? []) {
        const owner = (entity as Record<string, unknown>)[scope] as string
        counts.add({ tenant: entity.tenant, resource, scope, owner }, 1)
      }
    },

    async update(resource, tenant, id, changes) {
      const table = tableOf(resource)
      const assignments: string[] = []
      const values: Value[] = []
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) continue
        requireChangeable(resource, name)
        const field = table.field(name)
        for (const column of field.columns) assignments.push(`${column.name} = ?`)
        values.push(...field.write(value))
      }
      if (assignments.length === 0)
        return (await connection.get(statementsOf(resource).get, [tenant, id])) !== undefined
      const sql = `update ${table.name} set ${assignments.join(', ')} where tenant_id = ? and id = ?`
      let changed: number
      try {
        changed = await connection.run(sql, [...values, tenant, id])
      } catch (error) {
        throw await explain(error, connection, resource, tenant, changes)
      }
      if (changed > 0 && dialect === 'sqlite') await updateText(connection, resource, tenant, id, changes)
      return changed > 0
    },

    remove: (resource, tenant, id) => removeWhole(connection, dialect, counts, resource, tenant, id),

    putCustomData: (owner, tenant, record) => writeCustomData(connection, owner, tenant, record),

    async append(event) {
      later(appendEvent(connection, event))
      queued?.('webhook')
    },

    async queue(item) {
      await queue(connection, item)
      queued?.(item.channel)
    },

    issue: (tenant, kind, key, payload, expiresAt) =>
      issue(connection, dialect, { tenant, kind, key, payload, expiresAt, now: clock.now() }),

    consume: (tenant, kind, key, now) => consume(connection, tenant, kind, key, now),

    claimAnswer: (claim) => claimAnswer(connection, claim),
    keepAnswer: (tenant, id, answer) => keepAnswer(connection, tenant, id, answer),

    countUsage: (tenant, key, rule, now) => countUsage(connection, dialect, tenant, key, rule, now),
    takeUsage: (tenant, key, rule, now) => takeUsage(connection, dialect, tenant, key, rule, now),
    forgetUsage: (tenant, key) => forgetUsage(connection, tenant, key),
  }
}

/** What keys, sizes and indexes elsewhere rest on stays as it was created. */
function requireChangeable(resource: ResourceName, name: string): void {
  const fixed = name === 'id' || name === 'tenant' || COUNTED[resource]?.includes(name)
  if (fixed) throw new Error(`${resource}.${name} does not change`)
}

/** The searchable texts of a row in one text; the sign between them is in no term that a search looks for twice. */
function textOf(resource: ResourceName, entity: Partial<Entity>): string {
  const values = entity as Record<string, string | null | undefined>
  return searchedTexts(resource)
    .map((name) => fold(values[name] ?? ''))
    .join('\n')
}

async function insertText(
  connection: Connection,
  resource: ResourceName,
  rowid: number,
  entity: Entity,
): Promise<void> {
  await connection.run(`insert into ${textTable(resource)} (rowid, text) values (?, ?)`, [
    rowid,
    textOf(resource, entity),
  ])
}

async function updateText(
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  id: string,
  changes: Partial<Entity>,
): Promise<void> {
  if (!searchedTexts(resource).some((name) => name in changes)) return
  const table = tableOf(resource)
  const row = await connection.get(
    `select rowid, ${table.reads.join(', ')} from ${table.name} where tenant_id = ? and id = ?`,
    [tenant, id],
  )
  if (!row) return
  const sql = `insert or replace into ${textTable(resource)} (rowid, text) values (?, ?)`
  await connection.run(sql, [row.rowid as number, textOf(resource, table.toEntity(row))])
}
