import type { Ref } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import { fold } from '../std/fold.ts'
import { parseJson } from '../std/json.ts'
import { type Leaf, leaves } from '../std/json-leaves.ts'
import { linkColumn } from './columns.ts'
import { leafScopes } from './custom-data-tables.ts'
import type { Connection } from './database.ts'
import { memo } from './memo.ts'
import { leavesTable, tableName } from './names.ts'

/** What is indexed of one owner's custom data (defaults.md, Searches); the rest is found by reading the text. */
const MOST_LEAVES = 1000
const MOST_LEAF_BYTES = 256
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

/** What of one owner's custom data is indexed. */
export interface LeafIndex {
  leaves: readonly IndexedLeaf[]
  /** 1 when there is more than may be indexed. */
  overflow: 0 | 1
}

export function toLeafIndex(json: string): LeafIndex {
  const limits = { maxLeaves: MOST_LEAVES, maxBytes: MOST_LEAF_BYTES }
  const { leaves: found, omitted } = leaves(parseJson(json, { maxDepth: STORED_DEPTH }), limits)
  const indexed = found.map(toIndexed).filter(({ key }) => key.length <= MOST_KEY_LENGTH)
  return { leaves: indexed, overflow: omitted > 0 || indexed.length < found.length ? 1 : 0 }
}

/** Brings the index of one owner to what its custom data now says, touching only what differs. */
export async function indexLeaves(
  connection: Connection,
  owner: Ref,
  tenant: string,
  indexed: readonly IndexedLeaf[],
): Promise<void> {
  const { select, remove, insert, change } = textsOf(owner.resource)
  const wanted = new Map(indexed.map((leaf) => [identity(leaf.path, leaf.kind, leaf.key), leaf]))
  const rows = await connection.all(select, [tenant, owner.id])
  const gone = rows.filter(
    (row) => !wanted.delete(identity(row.path as string, row.kind as string, row.text_key as string)),
  )
  const changes = gone.map((row) => {
    const before = [tenant, owner.id, row.path as string, row.kind as string, row.text_key as string]
    const after = wanted.values().find(({ path }) => path === row.path)
    if (!after) return connection.run(remove, before)
    wanted.delete(identity(after.path, after.kind, after.key))
    return connection.run(change, [after.kind, after.key, after.number, ...before])
  })
  const additions = wanted
    .values()
    .map(({ path, kind, key, number }) => connection.run(insert, [path, kind, key, number, tenant, owner.id]))
  // Sent together: PostgreSQL need not be waited for leaf by leaf.
  await Promise.all([...changes, ...additions])
}

const textsOf = memo((resource: ResourceName) => {
  const table = leavesTable(resource)
  const leaf = 'tenant_id = ? and id = ? and path = ? and kind = ? and text_key = ?'
  const places = leafScopes(resource).map(linkColumn)
  const columns = (own: string[]) => [...own, ...places].join(', ')
  const owners = tableName(resource)
  return {
    select: `select path, kind, text_key from ${table} where tenant_id = ? and id = ?`,
    remove: `delete from ${table} where ${leaf}`,
    // Most changes give one path another value: one statement instead of two.
    change: `update ${table} set kind = ?, text_key = ?, number = ? where ${leaf}`,
    // A leaf also says where its owner lives, as the owner's row has it.
    insert: `insert into ${table} (${columns(['tenant_id', 'id', 'path', 'kind', 'text_key', 'number'])})
      select ${columns(['tenant_id', 'id', '?', '?', '?', '?'])} from ${owners}
      where ${owners}.tenant_id = ? and ${owners}.id = ?`,
  }
})

// A path never holds a line feed's neighbour here: kinds are words of ours, so the three parts cannot be confused.
const identity = (path: string, kind: string, key: string): string => `${kind}\n${path.length}\n${path}${key}`
