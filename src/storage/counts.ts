import type { ResourceName } from '../resources/registry.ts'
import { storedResources } from './columns.ts'
import type { Connection, Database } from './database.ts'
import { countedScopesOf } from './relations.ts'

/**
 * The links that are counted, by the kind of their members: sizes that are kept because counting would take too long.
 * Every write appends what it changed, so that no row is hot; the sum is the size, and what has piled up is folded in
 * the background.
 */
export const COUNTED: Partial<Record<ResourceName, readonly string[]>> = Object.fromEntries(
  storedResources.map((resource) => [resource, countedScopesOf(resource)]),
)

/** One collection: members of `resource` whose link `scope` points at `owner`. */
export interface Counted {
  tenant: string
  resource: ResourceName
  scope: string
  owner: string
}

export const isCounted = (resource: ResourceName, scope: string): boolean => COUNTED[resource]?.includes(scope) ?? false

const INSERT = 'insert into counts (tenant_id, resource, scope, owner_id, id, delta) values (?, ?, ?, ?, ?, ?)'
const OF = 'tenant_id = ? and resource = ? and scope = ? and owner_id = ?'
const parameters = ({ tenant, resource, scope, owner }: Counted) => [tenant, resource, scope, owner]

/** Events are numbered without gaps: nobody needs to count them. */
const EVENTS = 'select position - removed as size from event_positions where tenant_id = ?'

/** The size of a counted collection, and from how many rows it was summed. */
export async function readCount(connection: Connection, counted: Counted): Promise<{ size: number; rows: number }> {
  if (counted.resource === 'event') {
    return { size: Number((await connection.get(EVENTS, [counted.tenant]))?.size ?? 0), rows: 1 }
  }
  const row = await connection.get(
    `select cast(coalesce(sum(delta), 0) as bigint) as size, count(*) as row_count from counts where ${OF}`,
    parameters(counted),
  )
  return { size: Number(row?.size), rows: Number(row?.row_count) }
}

/** The changes of one transaction, written once at its end. */
export interface PendingCounts {
  add(counted: Counted, delta: number): void
  /** Writes what is pending; also before the transaction reads a size. */
  flush(connection: Connection): Promise<void>
  /** What was flushed so far. */
  readonly written: readonly Counted[]
}

export function createPendingCounts(nextId: () => string): PendingCounts {
  let pending = new Map<string, { counted: Counted; delta: number }>()
  const written: Counted[] = []
  return {
    written,
    add(counted, delta) {
      const key = keyOfCounted(counted)
      const known = pending.get(key)
      if (known) known.delta += delta
      else pending.set(key, { counted, delta })
    },
    async flush(connection) {
      if (pending.size === 0) return
      const flushed = pending
      pending = new Map()
      const changed = [...flushed.values()].filter(({ delta }) => delta !== 0)
      await Promise.all(
        changed.map(({ counted, delta }) => connection.run(INSERT, [...parameters(counted), nextId(), delta])),
      )
      written.push(...changed.map(({ counted }) => counted))
    },
  }
}

/** More rows than this for one collection are folded into one: every page of it reads them for its size. */
const MOST_ROWS = 64
/** Collections whose rows are tallied at a time; the busy ones come back at once when the tally starts over. */
const MOST_TALLIED = 10_000

export interface CountFolding {
  /** A row was written for this collection. */
  written(counted: Counted): void
  /** A sum was taken over so many rows. */
  summed(counted: Counted, rows: number): void
  settled(): Promise<void>
}

/** Folds the rows of busy collections, one collection at a time, beside the callers' work. */
export function createCountFolding(database: Database, nextId: () => string): CountFolding {
  const tally = new Map<string, number>()
  const due = new Map<string, Counted>()
  let running: Promise<void> | undefined

  const work = async () => {
    for (const [key, counted] of due) {
      await database.write((connection) => fold(connection, counted, nextId()))
      due.delete(key)
      tally.delete(key)
    }
  }

  const schedule = (counted: Counted) => {
    due.set(keyOfCounted(counted), counted)
    // A fold that fails is no loss: the rows stay as they are until the next.
    running ??= work()
      .catch(() => due.clear())
      .finally(() => {
        running = undefined
      })
  }

  return {
    written(counted) {
      const key = keyOfCounted(counted)
      const rows = (tally.get(key) ?? 0) + 1
      if (tally.size > MOST_TALLIED) tally.clear()
      tally.set(key, rows)
      if (rows > MOST_ROWS) schedule(counted)
    },
    summed(counted, rows) {
      if (rows > MOST_ROWS) schedule(counted)
    },
    settled: async () => {
      await running
    },
  }
}

/** Whoever deletes the rows writes their sum, so that concurrent folds take each row once. */
async function fold(connection: Connection, counted: Counted, id: string): Promise<void> {
  const rows = await connection.all(`delete from counts where ${OF} returning delta`, parameters(counted))
  const sum = rows.reduce((total, { delta }) => total + Number(delta), 0)
  if (sum === 0) return
  await connection.run(INSERT, [...parameters(counted), id, sum])
}

const keyOfCounted = (counted: Counted): string => parameters(counted).join(' ')
