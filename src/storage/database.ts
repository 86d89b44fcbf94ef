import { Problem } from '../schema/problems.ts'

/** What a column can hold, on both databases. Booleans are 0 and 1, times are milliseconds, JSON is text. */
export type Value = string | number | null | Uint8Array

export type Row = Record<string, Value>

/** Runs statements written with `?` placeholders; each text is prepared once and kept. */
export interface Connection {
  get(sql: string, parameters: readonly Value[]): Promise<Row | undefined>
  all(sql: string, parameters: readonly Value[]): Promise<Row[]>
  /** Number of rows changed. */
  run(sql: string, parameters: readonly Value[]): Promise<number>
}

export type DialectName = 'sqlite' | 'postgres'

/**
 * One database, in the few moves the store needs. Two implementations with the same files:
 * `sqlite/` (group commit, reader connection, slow-query worker) and `postgres/` (pool, retry).
 */
export interface Database {
  readonly dialect: DialectName
  /** Short, indexed reads of committed state. */
  readonly reader: Connection
  /**
   * Reads that may take long: off the main thread on SQLite, under a statement timeout on PostgreSQL.
   * @throws Problem queryTimeout after the deadline
   */
  readonly slowReader: Connection
  /**
   * One durable transaction around `unit`, retried on serialization failure and deadlock. Unique and foreign key
   * violations surface as `ConstraintViolation`.
   */
  write<T>(unit: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * Remembers a nonce without an fsync of its own. `false` when it was seen, or when it is dated before a start after
   * which nonces may have been lost.
   */
  claimNonce(keyId: string, nonce: string, requestedAt: number, expiresAt: number): Promise<boolean>
  /** A number that differs whenever committed data may have changed since the last call; undefined where unknown. */
  version(): number | undefined
  ping(): Promise<void>
  /** What the clock of the database says, in milliseconds; undefined where it is that of this machine. */
  time(): Promise<number | undefined>
  close(): Promise<void>
}

/** A unique or foreign key refused a row; `constraint` is the index or key name that migrations gave it. */
export class ConstraintViolation extends Error {
  readonly kind: 'unique' | 'reference'
  readonly constraint: string

  constructor(kind: 'unique' | 'reference', constraint: string) {
    super(`${kind} constraint ${constraint}`)
    this.name = 'ConstraintViolation'
    this.kind = kind
    this.constraint = constraint
  }
}

/**
 * The answer to a commit was lost: the write has happened wholly or not at all, and nobody here knows which. It is never
 * repeated by itself; an edge says 503 and that the outcome is unknown.
 */
export class CommitUnknown extends Problem<'outcomeUnknown'> {
  constructor(cause: unknown) {
    super('outcomeUnknown', { retryAfterSeconds: 1 })
    this.message = 'the outcome of the commit is unknown'
    this.name = 'CommitUnknown'
    this.cause = cause
  }
}
