import type { Connection } from '../database.ts'
import type { Pool } from './pool.ts'
import { createPooledExecute, createReader, type Execute, send, withDeadline } from './reader.ts'
import { numberPlaceholders } from './statements.ts'

export interface SlowReaderOptions {
  /** Its connections are not lent to anything else, so that slow reads cannot hold up the others. */
  pool: Pool
  /** Milliseconds after which PostgreSQL ends a statement. */
  deadline: number
  /** Whether the connections carry the deadline themselves, which behind a pooler they cannot. */
  deadlineOfSession: boolean
}

/** Statements planned each for itself, with their values: what they cost depends on those. */
export function createSlowReader({ pool, deadline, deadlineOfSession }: SlowReaderOptions): Connection {
  const execute = deadlineOfSession ? createPooledExecute(pool) : inTransaction(pool, deadline)
  return createReader((sql) => ({ text: numberPlaceholders(sql) }), withDeadline(execute, deadline))
}

function inTransaction(pool: Pool, deadline: number): Execute {
  return (statement, parameters) =>
    pool.use(async (link) => {
      await send(link, { text: `begin read only; set local statement_timeout = ${deadline}` })
      try {
        return await send(link, statement, parameters)
      } finally {
        await send(link, { text: 'rollback' })
      }
    })
}
