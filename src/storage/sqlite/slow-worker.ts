import { parentPort, workerData } from 'node:worker_threads'
import type { Row, Value } from '../database.ts'
import { connect } from './open.ts'
import { createStatements } from './statements.ts'

export interface Question {
  id: number
  sql: string
  parameters: readonly Value[]
  /** Milliseconds since 1970: the clock that both threads share. */
  deadline: number
}

export interface Answer {
  id: number
  rows?: Row[]
  error?: { message: string; code?: string; errcode?: number }
  /** The deadline had passed. */
  late?: boolean
}

/** Looking at the clock for every row would cost more than the row. */
const ROWS_BETWEEN_LOOKS = 256

class Late extends Error {}

const database = connect(workerData as string, { role: 'worker' })
const statements = createStatements(database)
let deadline = 0
let rows = 0

// Slow statements call this for every row they look at; SQLite has no other way to stop a query from inside.
database.function('latchkey_deadline', { deterministic: false, directOnly: true }, () => {
  if (++rows % ROWS_BETWEEN_LOOKS === 0 && Date.now() > deadline) throw new Late()
  return 1
})

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)))

function answer({ id, sql, parameters, deadline: until }: Question): Answer {
  deadline = until
  rows = 0
  if (Date.now() > until) return { id, late: true }
  try {
    return { id, rows: statements.all(sql, parameters) }
  } catch (error) {
    if (error instanceof Late) return { id, late: true }
    const { message, code, errcode } = error as { message: string; code?: string; errcode?: number }
    return { id, error: { message, ...(code && { code }), ...(errcode && { errcode }) } }
  }
}
