import type { Ref } from '../core/ports.ts'
import { fold } from '../std/fold.ts'
import { parseJson } from '../std/json.ts'
import { type Leaf, leaves } from '../std/json-leaves.ts'
import { linkColumn } from './columns.ts'
import { leafScopes } from './custom-data-tables.ts'
import type { Connection, Row, Value } from './database.ts'
import { customDataTable, leavesTable, tableName } from './names.ts'
import { marks } from './statements.ts'

/** What is indexed of one owner's custom data (defaults.md, Searches); the rest is found by reading the text. */
export const MOST_LEAVES = 1000
export const MOST_LEAF_BYTES = 256
/** Folding can lengthen a text; beyond this PostgreSQL could not hold it in an index beside its path. */
const MOST_KEY_LENGTH = 512
/** Deeper than any body may be (defaults.md, Bounds): what is stored has been checked before. */
export const STORED_DEPTH = 1000

/** The kinds a leaf is stored as: text that reads like a date is one, so that ranges of dates find nothing else. */
export type LeafKind = Leaf['kind'] | 'date'

export interface IndexedLeaf {
  path: string
  kind: LeafKind
  key: string
  number: number | null
}

const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:t\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:z|[+-]\d{2}:?\d{2})?)?)?)?$/

/** One scalar as it is compared. */
export function toIndexed({ path, kind, text, number }: Leaf): IndexedLeaf {
  const key = fold(text)
  return { path, kind: kind === 'string' && DATE.test(key) ? 'date' : kind, key, number: number ?? null }
}

/** Brings the index of one owner to what its custom data now says, touching only what differs. */
export async function indexLeaves(connection: Connection, owner: Ref, tenant: string, json: string): Promise<void> {
  const table = leavesTable(owner.resource)
  const limits = { maxLeaves: MOST_LEAVES, maxBytes: MOST_LEAF_BYTES }
  const { leaves: found, omitted } = leaves(parseJson(json, { maxDepth: STORED_DEPTH }), limits)
  const indexed = found.map(toIndexed).filter(({ key }) => key.length <= MOST_KEY_LENGTH)
  const wanted = new Map(indexed.map((leaf) => [identity(leaf.path, leaf.kind, leaf.key), leaf]))

  const rows = await connection.all(
    `select path, kind, text_key, number from ${table} where tenant_id = ? and id = ?`,
    [tenant, owner.id],
  )
  for (const row of rows) {
    const same = identity(row.path as string, row.kind as string, row.text_key as string)
    if (wanted.delete(same)) continue
    await connection.run(
      `delete from ${table} where tenant_id = ? and id = ? and path = ? and kind = ? and text_key = ?`,
      [tenant, owner.id, row.path as string, row.kind as string, row.text_key as string],
    )
  }
  if (wanted.size > 0) await insertLeaves(connection, owner, tenant, [...wanted.values()])

  const overflow = omitted > 0 || indexed.length < found.length ? 1 : 0
  await connection.run(
    `update ${customDataTable(owner.resource)} set overflow = ? where tenant_id = ? and id = ? and overflow <> ?`,
    [overflow, tenant, owner.id, overflow],
  )
}

async function insertLeaves(
  connection: Connection,
  owner: Ref,
  tenant: string,
  wanted: readonly IndexedLeaf[],
): Promise<void> {
  const columns = leafScopes(owner.resource).map(linkColumn)
  const places = columns.length > 0 ? await readPlaces(connection, owner, tenant, columns) : {}
  const sql = `insert into ${leavesTable(owner.resource)}
    (${['tenant_id', 'id', 'path', 'kind', 'text_key', 'number', ...columns].join(', ')})
    values (${marks(6 + columns.length)})`
  for (const { path, kind, key, number } of wanted) {
    const values: Value[] = [tenant, owner.id, path, kind, key, number]
    await connection.run(sql, [...values, ...columns.map((column) => places[column] ?? null)])
  }
}

/** Where the owner lives: its directory. */
async function readPlaces(
  connection: Connection,
  owner: Ref,
  tenant: string,
  columns: readonly string[],
): Promise<Row> {
  const row = await connection.get(
    `select ${columns.join(', ')} from ${tableName(owner.resource)} where tenant_id = ? and id = ?`,
    [tenant, owner.id],
  )
  return row ?? {}
}

// A path never holds a line feed's neighbour here: kinds are words of ours, so the three parts cannot be confused.
const identity = (path: string, kind: string, key: string): string => `${kind}\n${path.length}\n${path}${key}`
