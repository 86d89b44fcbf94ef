import type { Database, Row } from '../../src/storage/database.ts'
import type { TableShape } from '../../src/storage/shape.ts'

/** A table in the terms in which any database can be asked about it. */
export interface FoundTable {
  name: string
  columns: string[]
  primaryKey: string
  indexes: string[]
  foreignKeys: string[]
}

/** A declared shape in the same terms. */
export function toFound(shape: TableShape): FoundTable {
  return {
    name: shape.name,
    columns: shape.columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' not null'}`).sort(),
    primaryKey: shape.primaryKey.join(),
    indexes: shape.indexes
      .map(({ name, columns, unique, where }) => indexText(name, columns.join(), unique, where))
      .sort(),
    foreignKeys: shape.foreignKeys
      .map(({ name, columns, references, onDelete }) => `${name} ${columns.join()} ${references} ${onDelete}`)
      .sort(),
  }
}

/** What is really there, without the tables of the full-text search and of the migrations. */
export async function schemaOf(database: Database): Promise<FoundTable[]> {
  return database.dialect === 'sqlite' ? sqliteSchema(database) : postgresSchema(database)
}

function indexText(name: string, columns: string, unique: boolean, where: unknown): string {
  const condition = typeof where === 'string' ? ` where ${where.toLowerCase().replace(/[()"]/g, '')}` : ''
  return `${name} ${columns}${unique ? ' unique' : ''}${condition}`
}

async function sqliteSchema({ reader }: Database): Promise<FoundTable[]> {
  const tables = await reader.all(
    "select name, sql from sqlite_master where type = 'table' and name not like 'latchkey%' and name not like 'sqlite%' and name not glob '*_text*'",
    [],
  )
  const found: FoundTable[] = []
  for (const table of tables) {
    const name = table.name as string
    const columns = await reader.all('select * from pragma_table_info(?)', [name])
    const indexes = await reader.all('select * from pragma_index_list(?)', [name])
    const columnsOf = async (index: string) =>
      (await reader.all('select name from pragma_index_info(?) order by seqno', [index])).map((row) => row.name).join()
    const key = columns.filter(({ pk }) => pk !== 0).sort((a, b) => Number(a.pk) - Number(b.pk))
    const unique = indexes.find(({ origin }) => origin === 'u')
    const made = indexes.filter(({ origin }) => origin === 'c')
    found.push({
      name,
      columns: columns
        .filter((column) => column.name !== 'rowid')
        .map((column) => `${column.name} ${String(column.type).toLowerCase()}${column.notnull ? ' not null' : ''}`)
        .sort(),
      primaryKey: unique ? await columnsOf(unique.name as string) : key.map((column) => column.name).join(),
      indexes: (
        await Promise.all(
          made.map(async (index) => {
            const text = await reader.get('select sql from sqlite_master where name = ?', [index.name as string])
            const where = /\bwhere (.*)$/.exec(text?.sql as string)?.[1]
            return indexText(index.name as string, await columnsOf(index.name as string), index.unique === 1, where)
          }),
        )
      ).sort(),
      foreignKeys: foreignKeysIn(table.sql as string),
    })
  }
  return found
}

/** SQLite does not tell the names of foreign keys but in the text of the table. */
function foreignKeysIn(sql: string): string[] {
  const keys = /constraint (\w+) foreign key \(([^)]+)\) references (\w+) \(tenant_id, id\)( on delete cascade)?/g
  return [...sql.matchAll(keys)]
    .map(([, name, columns, references, cascade]) => {
      return `${name} ${columns?.replaceAll(' ', '')} ${references} ${cascade ? 'cascade' : 'restrict'}`
    })
    .sort()
}

const COLUMNS = `
  select table_name as tbl, column_name as name, data_type as type, is_nullable as nullable
  from information_schema.columns where table_schema = current_schema() and table_name not like 'latchkey%'`

const INDEXES = `
  select t.relname as tbl, i.relname as name, x.indisunique as is_unique, x.indisprimary as is_primary,
    pg_get_expr(x.indpred, x.indrelid) as condition,
    (select string_agg(a.attname, ',' order by k.place) from unnest(x.indkey) with ordinality as k(number, place)
      join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.number) as columns
  from pg_index x
  join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
  join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
  join pg_am m on m.oid = i.relam and m.amname = 'btree'
  where t.relname not like 'latchkey%'`

const FOREIGN_KEYS = `
  select t.relname as tbl, c.conname as name, r.relname as target, c.confdeltype as rule,
    (select string_agg(a.attname, ',' order by k.place) from unnest(c.conkey) with ordinality as k(number, place)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns
  from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
  join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
  where c.contype = 'f'`

const TYPES: Record<string, string> = { bigint: 'integer', 'double precision': 'real' }

async function postgresSchema({ reader }: Database): Promise<FoundTable[]> {
  const [columns, indexes, keys] = await Promise.all([COLUMNS, INDEXES, FOREIGN_KEYS].map((sql) => reader.all(sql, [])))
  const of = (rows: Row[] | undefined, table: string) => (rows ?? []).filter(({ tbl }) => tbl === table)
  const names = [...new Set((columns ?? []).map(({ tbl }) => tbl as string))]
  return names.map((name) => ({
    name,
    columns: of(columns, name)
      .map((column) => {
        const type = TYPES[column.type as string] ?? column.type
        return `${column.name} ${type}${column.nullable === 'NO' ? ' not null' : ''}`
      })
      .sort(),
    primaryKey: (of(indexes, name).find(({ is_primary: primary }) => primary === 1)?.columns as string) ?? '',
    indexes: of(indexes, name)
      .filter(({ is_primary: primary }) => primary === 0)
      .map((index) => indexText(index.name as string, index.columns as string, index.is_unique === 1, index.condition))
      .sort(),
    foreignKeys: of(keys, name)
      .map(
        ({ name: key, columns: own, target, rule }) =>
          `${key} ${own} ${target} ${rule === 'c' ? 'cascade' : 'restrict'}`,
      )
      .sort(),
  }))
}
