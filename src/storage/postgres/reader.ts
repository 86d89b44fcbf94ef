import { setTimeout as pause } from 'node:timers/promises'
import { refuse } from '../../schema/problems.ts'
import type { Connection, Row, Value } from '../database.ts'
import {
  ConnectionLost,
  isCancelled,
  isSilence,
  isStaleConnection,
  ofConnection,
  toStorageError,
  unavailable,
} from './errors.ts'
import type { Pool } from './pool.ts'
import type { Link } from './session.ts'
import type { Statement } from './statements.ts'

const tries = 6

/** Runs one statement by itself and answers its rows and the number of rows it changed. */
export type Execute = (statement: Statement, parameters: readonly Value[]) => Promise<Outcome>

export interface Outcome {
  command: string
  rows: Row[]
  rowCount: number | null
}

/** The contract's connection over single statements. */
export function createReader(statementOf: (sql: string) => Statement, execute: Execute): Connection {
  return {
    get: async (sql, parameters) => (await execute(statementOf(sql), parameters)).rows[0],
    all: async (sql, parameters) => (await execute(statementOf(sql), parameters)).rows,
    run: async (sql, parameters) => (await execute(statementOf(sql), parameters)).rowCount ?? 0,
  }
}

/** Sends a statement to an open connection. @throws ConnectionLost | the server's error */
export async function send(link: Link, statement: Statement, parameters: readonly Value[] = []): Promise<Outcome> {
  try {
    return await link.client.query({ ...statement, values: parameters as Value[] })
  } catch (error) {
    // whatever came in answer now would be taken for the next one's
    if (isSilence(error)) link.end().catch(() => {})
    throw ofConnection(error, link.alive)
  }
}

interface Lane {
  link: Link | undefined
  opening: Promise<Link> | undefined
  inFlight: number
}

/**
 * Statements of many callers on few connections, each sent without waiting for the answers before it: two to three
 * times the rate of a pool. A lost connection is replaced and its statements run again, so they must bear that.
 */
export function createLanes(
  connect: () => Promise<Link>,
  { count, wait }: { count: number; wait: number },
): { execute: Execute; close(): Promise<void> } {
  const lanes: Lane[] = Array.from({ length: count }, () => ({ link: undefined, opening: undefined, inFlight: 0 }))
  let closed = false

  function open(lane: Lane): Promise<Link> {
    if (closed) return Promise.reject(new Error('the database is closed'))
    lane.opening ??= connect().then(
      (link) => {
        lane.opening = undefined
        lane.link = link
        link.onLost(() => {
          if (lane.link === link) lane.link = undefined
        })
        return link
      },
      (error) => {
        lane.opening = undefined
        throw error
      },
    )
    return lane.opening
  }

  const execute = repeating(async (statement, parameters) => {
    const lane = leastBusy(lanes)
    lane.inFlight++
    try {
      const link = lane.link ?? (await inTime(open(lane), wait))
      try {
        return await send(link, statement, parameters)
      } catch (error) {
        // what is under way on it is still answered
        if (isStaleConnection(error)) link.end().catch(() => {})
        throw error
      }
    } finally {
      lane.inFlight--
    }
  })

  return {
    execute,
    async close() {
      closed = true
      await Promise.all(lanes.map(async (lane) => (lane.link ?? (await lane.opening?.catch(() => undefined)))?.end()))
    },
  }
}

/** The same by a pool, for poolers that do not bear statements sent ahead. */
export function createPooledExecute(pool: Pool): Execute {
  return repeating((statement, parameters) => pool.use((link) => send(link, statement, parameters)))
}

/** Says what ran into the server's own time limit. @throws Problem queryTimeout */
export function withDeadline(execute: Execute, deadline: number): Execute {
  return async (statement, parameters) => {
    try {
      return await execute(statement, parameters)
    } catch (error) {
      if (isCancelled(error)) refuse('queryTimeout', { seconds: deadline / 1000 })
      throw error
    }
  }
}

/** Repeats what a lost or stale connection prevented; when many are lost at once, the next one may be among them. */
function repeating(execute: Execute): Execute {
  return async (statement, parameters) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await execute(statement, parameters)
      } catch (error) {
        const repeatable = error instanceof ConnectionLost || isStaleConnection(error)
        if (!repeatable || attempt >= tries) throw toStorageError(error)
      }
      await pause(Math.random() * 5 * 2 ** attempt)
    }
  }
}

/** @throws Problem overloaded after `wait` milliseconds */
async function inTime(opening: Promise<Link>, wait: number): Promise<Link> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(unavailable('no database connection was free in time')), wait)
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}

function leastBusy(lanes: Lane[]): Lane {
  let best = lanes[0] as Lane
  for (const lane of lanes) if (lane.inFlight < best.inFlight) best = lane
  return best
}
