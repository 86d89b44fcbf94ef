import type { Database } from '../database.ts'
import { migrations } from '../migrations/list.ts'
import { postgresWords, sqliteWords } from '../migrations/words.ts'
import { expectedTables } from '../schema.ts'
import { error, type Finding, ok, warning } from './finding.ts'

/** Whether every index is there that answers rest on, and can be used. */
export async function examineIndexes(database: Database): Promise<Finding[]> {
  const { dialect, slowReader } = database
  const rows =
    dialect === 'sqlite'
      ? await slowReader.all("select name from sqlite_master where type = 'index'", [])
      : await slowReader.all(
          `select i.relname as name, x.indisvalid as usable from pg_index x
            join pg_class i on i.oid = x.indexrelid
            join pg_namespace n on n.oid = i.relnamespace and n.nspname = current_schema()`,
          [],
        )
  const present = new Set(rows.map(({ name }) => name as string))
  const expected = expectedTables(dialect).flatMap(({ indexes }) => indexes.map(({ name }) => name))
  const missing = expected.filter((name) => !present.has(name))
  const broken = rows.filter(({ usable }) => usable === 0).map(({ name }) => name as string)
  const found: Finding[] = [
    ...missing.map((name) => error('indexes', `the index ${name} is missing`, statementOf(name, dialect))),
    ...broken.map((name) => error('indexes', `the index ${name} cannot be used`, `reindex index concurrently ${name}`)),
  ]
  return found.length > 0 ? found : [ok('indexes', `all ${expected.length} are there`)]
}

/** The statement of a migration that made it. */
function statementOf(name: string, dialect: Database['dialect']): string {
  const words = dialect === 'sqlite' ? sqliteWords : postgresWords
  const statements = migrations.flatMap((migration) => migration.statements(words))
  return statements.find((text) => text.includes(` index ${name} `)) ?? 'compare the schema with a new database'
}

/** Substrings are found by trigrams where PostgreSQL has them, and by looking at every row where it has not. */
export async function examineTrigrams({ dialect, slowReader }: Database): Promise<Finding[]> {
  if (dialect === 'sqlite') return []
  const row = await slowReader.get(
    `select (select count(*) from pg_extension where extname = 'pg_trgm') as extension,
      (select count(*) from pg_indexes where schemaname = current_schema() and indexdef like '%gin_trgm_ops%') as indexes`,
    [],
  )
  const wanted = expectedTables('postgres').filter(({ text }) => text !== undefined).length
  if (Number(row?.extension) === 0) {
    return [
      warning('trigrams', 'the extension pg_trgm is missing: searches for a part of a text look at every row', FIX()),
    ]
  }
  const found = Number(row?.indexes)
  if (found < wanted) {
    return [
      warning(
        'trigrams',
        `${wanted - found} of ${wanted} indexes of texts are missing: they were made before the extension`,
        FIX(),
      ),
    ]
  }
  return [ok('trigrams', 'texts are searched by indexes')]
}

/** The statements that a migration runs where it may. */
const FIX = () => {
  const statements = migrations.flatMap((migration) => migration.statements(postgresWords))
  const indexes = statements.flatMap((text) => text.match(/create index \S+ on \S+ using gin \([^;]+\)/) ?? [])
  const made = indexes.map((text) => text.replace('create index', 'create index if not exists'))
  return ['create extension if not exists pg_trgm', ...made].join('; ')
}
