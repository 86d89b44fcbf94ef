import type { DialectName } from './database.ts'

/** What a column holds; each dialect has its own word for it (migrations/words.ts). */
export type ColumnType = 'text' | 'integer' | 'real'

export interface Column {
  name: string
  type: ColumnType
  nullable: boolean
}

export interface Index {
  name: string
  columns: readonly string[]
  unique: boolean
  /** Only rows for which this holds are in the index. */
  where?: string
  /** Those rows are few. */
  rare?: boolean
}

export interface ForeignKey {
  name: string
  columns: readonly string[]
  /** Always its `(tenant_id, id)`. */
  references: string
  /** `restrict`: the writer clears it before the target goes (remove.ts). */
  onDelete: 'cascade' | 'restrict'
}

/** One table as the declarations want it; what the migrations made is compared with this. */
export interface TableShape {
  name: string
  columns: readonly Column[]
  primaryKey: readonly string[]
  indexes: readonly Index[]
  foreignKeys: readonly ForeignKey[]
  /** The only dialect that has it. */
  only?: DialectName
  /** Rows stay short: SQLite keeps them inside the primary key's tree. */
  clustered?: boolean
  /** On SQLite a full-text table of this name stands beside it, tied by `rowid`. */
  text?: string
}
