import type { Connection } from '../database.ts'
import { expectedTables } from '../schema.ts'
import type { TableShape } from '../shape.ts'

/**
 * SQLite plans by `sqlite_stat1`, and without it takes any first column of an index for a good one: it would answer by
 * reading all rows of a tenant. Gathered statistics would change plans from day to day. So each index gets figures of
 * our own: a large database, a tenant with much of it, and what a further column leaves of that.
 */
const ROWS = 10_000_000
const ROWS_OF_TENANT = 1_000_000

/** What share of rows has one value of a column; anything not named is a text that few share. */
const SHARES: readonly (readonly [RegExp, number])[] = [
  [/^id$/, 0],
  [/^(directory_id|path|resource|scope)$/, 0.1],
  [/^group_id$/, 0.01],
  [/^(application|organization)_id$/, 0.001],
  [/^account_store(_\w+)?_id$/, 0.001],
  [/^(status|kind|type|is_default_\w+)$/, 0.4],
  [/_at$/, 0.000_01],
  [/_id$/, 0.000_01],
]
/** Of an index that holds few rows: all, of a tenant, one. */
const RARE = '1000 100 1'
const SHARE_OF_TEXT = 0.0001

/** Gives every index its figures; inside the transaction that made it. */
export async function writeStatistics(connection: Connection): Promise<void> {
  // Makes the table; there is nothing to gather from this one.
  await connection.run('analyze latchkey_migrations', [])
  await connection.run('delete from sqlite_stat1', [])
  for (const table of expectedTables('sqlite')) {
    for (const { index, stat } of statisticsOf(table)) {
      await connection.run('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)', [table.name, index, stat])
    }
  }
  // Reads the table again, for this connection; the others do so because the schema has changed.
  await connection.run('analyze sqlite_schema', [])
}

/** The figures of one table's indexes: rows in all, then rows per value of the first column, of the first two … */
function statisticsOf({ name, primaryKey, indexes, clustered }: TableShape): { index: string; stat: string }[] {
  const key = { index: clustered ? name : `sqlite_autoindex_${name}_1`, stat: figures(primaryKey, true) }
  const others = indexes.map(({ name: index, columns, unique, rare }) => ({
    index,
    stat: rare ? RARE : figures(columns, unique),
  }))
  return [key, ...others]
}

function figures(columns: readonly string[], unique: boolean): string {
  let rows = ROWS
  const each = columns.map((column, at) => {
    const last = at === columns.length - 1
    if (column === 'tenant_id') rows = ROWS_OF_TENANT
    else rows = unique && last ? 1 : Math.max(1, Math.round(rows * shareOf(column)))
    return rows
  })
  return [ROWS, ...each].join(' ')
}

function shareOf(column: string): number {
  return SHARES.find(([pattern]) => pattern.test(column))?.[1] ?? SHARE_OF_TEXT
}
