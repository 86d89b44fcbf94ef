import type { Connection } from '../database.ts'
import { retryable } from './errors.ts'

/** The outer transaction and its savepoints, on the one connection that writes. */
export interface TransactionControl {
  /** Starts the outer transaction; waits while another process has its own. */
  begin(): Promise<void>
  savepoint(): void
  release(): void
  rollbackTo(): void
  commit(): void
  rollback(): void
  /** Whether the outer transaction still stands: SQLite drops it by itself when the disk is full or fails. */
  isOpen(): boolean
}

export type Unit<T> = (connection: Connection) => Promise<T>

/** What else has a say in when batches run. */
export interface BetweenBatches {
  /** A batch begins when this has resolved; undefined when it may at once. */
  ready?(): Promise<void> | undefined
  afterBatch?(): void
  /** Hears of every batch: how many units, how many milliseconds with the commit. */
  observe?(units: number, ms: number): void
}

export interface GroupCommit {
  write<T>(unit: Unit<T>): Promise<T>
  /** Resolves once nothing is queued or running. */
  settled(): Promise<void>
}

interface Job {
  unit: Unit<unknown>
  answer(outcome: Outcome): void
}

type Outcome = { value: unknown } | { error: unknown }

/** A batch ends at either bound, so that the first of a batch does not wait for the last of a crowd. */
const MOST_UNITS = 128
const LONGEST_MS = 10
const LONGEST_UNIT_MS = 5000

/**
 * Lets many writers share one fsync: units queue up, each runs under a savepoint inside one outer transaction, and all
 * callers are answered after its commit. Refusals too: they may rest on what another unit wrote a moment before.
 */
export function createGroupCommit(
  control: TransactionControl,
  connection: Connection,
  { ready, afterBatch, observe }: BetweenBatches = {},
): GroupCommit {
  let queue: Job[] = []
  let running = false
  let waiting: (() => void)[] = []

  const drain = async () => {
    while (queue.length > 0) {
      await ready?.()
      const jobs = queue
      queue = []
      const began = performance.now()
      const left = await runBatch(control, connection, jobs)
      observe?.(jobs.length - left.length, performance.now() - began)
      queue = [...left, ...queue]
      afterBatch?.()
      // Callers that were just answered may write again: they belong into the next batch.
      if (queue.length > 0) await new Promise(setImmediate)
    }
    running = false
    const settled = waiting
    waiting = []
    for (const resolve of settled) resolve()
  }

  return {
    write: <T>(unit: Unit<T>) =>
      new Promise<T>((resolve, reject) => {
        queue.push({
          unit,
          answer: (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
        })
        if (running) return
        running = true
        // After the sockets of this turn of the loop were read, so that their writes share a batch.
        setImmediate(drain)
      }),

    settled: () => (running ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  }
}

/** Runs one batch and gives back the jobs that did not fit. Never rejects: every job it ran has its answer. */
async function runBatch(control: TransactionControl, connection: Connection, jobs: Job[]): Promise<Job[]> {
  const done: { job: Job; outcome: Outcome }[] = []
  try {
    await control.begin()
  } catch (error) {
    for (const job of jobs) job.answer({ error })
    return []
  }
  try {
    if (jobs.length === 1) await runAlone(control, connection, jobs, done)
    else await runTogether(control, connection, jobs, done)
    for (const { job, outcome } of done) job.answer(outcome)
    return jobs.slice(done.length)
  } catch (error) {
    if (control.isOpen()) control.rollback()
    const ran = Math.max(done.length, 1)
    for (const job of jobs.slice(0, ran)) job.answer({ error })
    return jobs.slice(ran)
  }
}

/** A lone unit is the whole transaction. */
async function runAlone(
  control: TransactionControl,
  connection: Connection,
  [job]: Job[],
  done: { job: Job; outcome: Outcome }[],
): Promise<void> {
  if (!job) return
  const outcome = await attempt(job, connection)
  if (!control.isOpen()) throw dropped(outcome)
  if ('error' in outcome) control.rollback()
  else control.commit()
  done.push({ job, outcome })
}

async function runTogether(
  control: TransactionControl,
  connection: Connection,
  jobs: Job[],
  done: { job: Job; outcome: Outcome }[],
): Promise<void> {
  const start = performance.now()
  for (const job of jobs.slice(0, MOST_UNITS)) {
    if (done.length > 0 && performance.now() - start > LONGEST_MS) break
    control.savepoint()
    const outcome = await attempt(job, connection)
    done.push({ job, outcome })
    if (!control.isOpen()) throw dropped(outcome)
    if ('error' in outcome) control.rollbackTo()
    control.release()
  }
  control.commit()
}

/**
 * Runs a unit with a connection that is its own for exactly that long. A unit never needs a turn of the event loop; one
 * that waits for something else would keep every writer waiting, and is given up.
 */
function attempt({ unit }: Job, connection: Connection): Promise<Outcome> {
  return new Promise((resolve) => {
    let over = false
    const end = (outcome: Outcome) => {
      over = true
      clearTimeout(watch)
      resolve(outcome)
    }
    const watch = setTimeout(
      () => end({ error: new Error('a unit waited outside of its transaction') }),
      LONGEST_UNIT_MS,
    )
    const late = () => Promise.reject(new Error('a transaction is used after it ended'))
    unit({
      get: (sql, parameters) => (over ? late() : connection.get(sql, parameters)),
      all: (sql, parameters) => (over ? late() : connection.all(sql, parameters)),
      run: (sql, parameters) => (over ? late() : connection.run(sql, parameters)),
    }).then(
      (value) => end({ value }),
      (error) => end({ error }),
    )
  })
}

/** Every unit of the batch is gone with the transaction, those before the one that met the error too. */
function dropped(outcome: Outcome): unknown {
  const cause = 'error' in outcome ? outcome.error : undefined
  return Object.assign(retryable('the database dropped the transaction'), { cause })
}
