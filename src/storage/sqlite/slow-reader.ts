import { Worker } from 'node:worker_threads'
import { Problem } from '../../schema/problems.ts'
import type { Connection, Row, Value } from '../database.ts'
import { retryable } from './errors.ts'
import type { Answer, Question } from './slow-worker.ts'
import { workerUrl } from './worker-url.ts'

/** More threads would only take the cores from those who answer quickly. */
const MOST_WORKERS = 2

interface Member {
  worker: Worker
  /** Starting may take long on a busy machine: it is not held against the query. */
  online: Promise<void>
  open: Map<number, { resolve(rows: Row[]): void; reject(error: unknown): void }>
}

/** Long reads on threads of their own, started when a first one comes. Each stops itself at the deadline. */
export function createSlowReader(file: string, queryMs: number): Connection & { close(): Promise<void> } {
  const members: Member[] = []
  let last = 0
  let closed = false

  const start = (): Member => {
    const worker = new Worker(workerUrl(import.meta.url, 'slow-worker'), { workerData: file })
    const online = new Promise<void>((resolve) => worker.once('online', resolve))
    const member: Member = { worker, online, open: new Map() }
    members.push(member)
    worker.on('message', ({ id, rows, error, late }: Answer) => {
      const asked = member.open.get(id)
      member.open.delete(id)
      if (member.open.size === 0) worker.unref()
      if (rows) asked?.resolve(rows)
      else asked?.reject(late ? timeout(queryMs) : Object.assign(new Error(error?.message), error))
    })
    const fail = (cause?: unknown) => {
      members.splice(members.indexOf(member), 1)
      const error = Object.assign(retryable('the thread of long queries ended'), { cause })
      for (const asked of member.open.values()) asked.reject(error)
      member.open.clear()
    }
    worker.on('error', fail)
    worker.on('exit', () => members.includes(member) && fail())
    return member
  }

  const ask = (sql: string, parameters: readonly Value[]): Promise<Row[]> => {
    if (closed) return Promise.reject(new Error('the database is closed'))
    const idle = members.find(({ open }) => open.size === 0)
    const member = idle ?? (members.length < MOST_WORKERS ? start() : leastBusy(members))
    return new Promise((resolve, reject) => {
      const id = ++last
      member.open.set(id, { resolve, reject })
      // Only a query under way keeps the process alive.
      member.worker.ref()
      member.online.then(() => {
        const question: Question = { id, sql, parameters, deadline: Date.now() + queryMs }
        member.worker.postMessage(question)
      })
    })
  }

  return {
    get: async (sql, parameters) => (await ask(sql, parameters))[0],
    all: ask,
    run: () => Promise.reject(new Error('a reader does not write')),
    async close() {
      closed = true
      await Promise.all(members.map(({ worker }) => worker.terminate()))
    },
  }
}

const timeout = (queryMs: number) => new Problem('queryTimeout', { seconds: queryMs / 1000 })

function leastBusy(members: readonly Member[]): Member {
  return members.reduce((best, one) => (one.open.size < best.open.size ? one : best))
}
