/**
 * The few words in which the two dialects differ; migrations are written in these. Words may be added, never changed:
 * released migrations are made of them.
 */
export interface Words {
  text: string
  integer: string
  real: string
  /** First in a table beside which a full-text table stands: SQLite ties the two by a number that VACUUM leaves alone. */
  numbered: string
  /** Before the key columns of such a table. */
  numberedKey: string
  /** After a table's closing bracket. */
  strict: string
  /** After the closing bracket of a table whose rows are short. */
  clustered: string
  /** After a column that may be null, in an index that orders by it: nulls come first on both. */
  nullsFirst: string
  /**
   * Several unique indexes of one table, in the order in which a row that violates more than one is refused: SQLite looks
   * first at the index made last, PostgreSQL at the one made first.
   */
  uniques(...statements: string[]): string[]
  /** Ends a table with a key to one that does not exist yet; PostgreSQL adds it later, SQLite never could. */
  forward(constraint: string): string
  /** Adds that key once both tables exist. */
  addForward(table: string, constraint: string): string[]
  /** Statements for PostgreSQL alone: what SQLite keeps elsewhere. */
  postgres(...statements: string[]): string[]
  /** Substring search over columns of a table. */
  textIndex(table: string, textTable: string, columns: readonly string[]): string[]
}

/** One step of the schema. It imports nothing that may change, and once released it never changes itself. */
export interface Migration {
  name: string
  statements(words: Words): string[]
}

const trigrams = "content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1'"

/** FTS5 keeps trigrams only, no text of its own. */
export const sqliteWords: Words = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  numbered: 'rowid integer primary key, ',
  numberedKey: 'unique',
  strict: ' strict',
  clustered: ' strict, without rowid',
  nullsFirst: '',
  uniques: (...statements) => statements.reverse(),
  forward: (constraint) => `, ${constraint}`,
  addForward: () => [],
  postgres: () => [],
  textIndex: (_table, textTable) => [`create virtual table ${textTable} using fts5(text, ${trigrams})`],
}

/** Trigrams need an extension: made where the role may, else substring search scans under the query time. */
export const postgresWords: Words = {
  text: 'text collate "C"',
  integer: 'bigint',
  real: 'double precision',
  numbered: '',
  numberedKey: 'primary key',
  strict: '',
  clustered: '',
  nullsFirst: ' nulls first',
  uniques: (...statements) => statements,
  forward: () => '',
  addForward: (table, constraint) => [`alter table ${table} add ${constraint}`],
  postgres: (...statements) => statements,
  textIndex: (table, textTable, columns) => [
    'do $$ begin create extension if not exists pg_trgm; exception when others then null; end $$',
    `do $$ begin
      if exists (select from pg_extension where extname = 'pg_trgm') then
        create index ${textTable} on ${table} using gin (${columns.map((column) => `${column} gin_trgm_ops`).join(', ')});
      end if;
    end $$`,
  ],
}
