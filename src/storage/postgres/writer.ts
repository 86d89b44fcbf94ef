import { setTimeout as pause } from 'node:timers/promises'
import { CommitUnknown, type Connection, type Database, type Value } from '../database.ts'
import { ConnectionLost, isConflict, isSilence, isStaleConnection, toStorageError, unavailable } from './errors.ts'
import type { Pool } from './pool.ts'
import { createReader, send } from './reader.ts'
import type { Link } from './session.ts'
import type { Statement } from './statements.ts'

const tries = 8
/** Milliseconds after which no further try begins. */
const patience = 5000
const begin = 'begin isolation level read committed'

export interface WriterOptions {
  pool: Pool
  statementOf: (sql: string) => Statement
  /** Whether BEGIN goes out with the first statement. */
  pipeline: boolean
  /** Settings for each transaction, where the session cannot carry them. */
  settings: Readonly<Record<string, string>>
}

/**
 * Read committed is enough: uniqueness is the constraints' work, single use is an atomic delete, and what must not
 * change underneath is locked.
 */
export function createWriter({ pool, statementOf, pipeline, settings }: WriterOptions): Database['write'] {
  const set = Object.entries(settings).map(([name, value]) => `; set local ${name} = ${value}`)
  const opening = { text: `${begin}${set.join('')}` }

  return async (unit) => {
    const started = performance.now()
    for (let attempt = 1; ; attempt++) {
      try {
        return await pool.use((link) => transact(createTransaction(link, opening, statementOf, pipeline), unit))
      } catch (error) {
        if (!(error instanceof Repeatable)) throw error
        const spent = performance.now() - started > patience
        if (attempt >= tries || spent) throw unavailable('the write kept failing and was given up', error.cause)
        // full jitter: those who collided should not meet again
        await pause(Math.random() * Math.min(10 * 2 ** attempt, 500))
      }
    }
  }
}

/** The transaction left nothing behind and may run again. */
class Repeatable extends Error {}

interface Transaction {
  connection: Connection
  begun: Promise<unknown>
  /** The first error of a statement: PostgreSQL takes no further statement after it. */
  readonly failure: unknown
  commit(): Promise<void>
  rollback(): Promise<void>
}

async function transact<T>(transaction: Transaction, unit: (connection: Connection) => Promise<T>): Promise<T> {
  let value: T
  try {
    value = await unit(transaction.connection)
    await transaction.begun
    // a unit that went on after a refused statement
    if (transaction.failure !== undefined) throw toStorageError(transaction.failure)
  } catch (error) {
    await transaction.rollback()
    if (mayRepeat(transaction.failure)) throw new Repeatable('', { cause: transaction.failure })
    throw error
  }
  await transaction.commit()
  return value
}

function mayRepeat(failure: unknown): boolean {
  return failure instanceof ConnectionLost || isConflict(failure) || isStaleConnection(failure)
}

function createTransaction(
  link: Link,
  opening: Statement,
  statementOf: (sql: string) => Statement,
  pipeline: boolean,
): Transaction {
  let failure: unknown
  let ended = false
  let open = false
  const begun = send(link, opening).then(
    () => {
      open = true
    },
    (error) => {
      failure ??= error
      throw error
    },
  )
  begun.catch(() => {})
  /** What the next statement must follow; undefined while it may be sent at once. */
  let turn: Promise<unknown> | undefined

  async function submit(statement: Statement, parameters: readonly Value[]) {
    if (ended) throw new Error('the transaction has ended: its connection must not be used after the unit returned')
    return send(link, statement, parameters)
  }

  /**
   * Statements go out in the order in which they come, without waiting for each other. Ahead of BEGIN's answer only reads
   * do: if BEGIN failed, a change would take effect by itself.
   */
  function inTurn(statement: Statement, parameters: readonly Value[]) {
    if (pipeline && (open || (!turn && /^\s*select\b/i.test(statement.text)))) return submit(statement, parameters)
    const outcome = (turn ?? begun).then(() => submit(statement, parameters))
    turn = pipeline ? begun : outcome
    return outcome
  }

  async function execute(statement: Statement, parameters: readonly Value[]) {
    try {
      return (await Promise.all([inTurn(statement, parameters), begun]))[0]
    } catch (error) {
      // the first one says why, the ones after it only that the transaction is aborted
      failure ??= error
      throw toStorageError(failure)
    }
  }

  return {
    connection: createReader(statementOf, execute),
    get failure() {
      return failure
    },
    async commit() {
      ended = true
      await commit(link)
    },
    async rollback() {
      ended = true
      // on a connection that is gone the server has done it, or will
      if (link.alive) await send(link, { text: 'rollback' }).catch(() => {})
      if (isStaleConnection(failure)) link.end().catch(() => {})
    },
    begun,
  }
}

/**
 * From here on nothing is repeated: without an answer nobody knows. A warning counts as none: PostgreSQL warns when it
 * stopped waiting for the synchronous standby and committed on the primary alone.
 */
async function commit(link: Link): Promise<void> {
  let warning: Error | undefined
  const listen = (notice: { severity: string | undefined; message?: string | undefined }) => {
    if (notice.severity === 'WARNING') warning ??= new Error(notice.message)
  }
  link.client.on('notice', listen)
  try {
    const { command } = await send(link, { text: 'commit' })
    if (command !== 'COMMIT') throw new Error(`PostgreSQL answered COMMIT with ${command}`)
  } catch (error) {
    if (isConflict(error)) throw new Repeatable('', { cause: error })
    if (isSilence(error) || error instanceof ConnectionLost) throw new CommitUnknown(error)
    throw toStorageError(error)
  } finally {
    link.client.off('notice', listen)
  }
  if (warning) throw new CommitUnknown(warning)
}
