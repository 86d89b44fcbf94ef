import { Worker } from 'node:worker_threads'
import type { Job, Outcome } from './worker.ts'

const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** Threads that verify passwords in legacy formats, which would hold the main thread for up to a second each. */
export interface WorkerPool {
  /** @throws {Error} when the verification failed to run, or the pool was closed meanwhile */
  verify(job: Job): Promise<boolean>
  close(): Promise<void>
}

/**
 * A pool that starts a thread when a job finds none idle, so as many as there are jobs at a time: the caller bounds
 * those. Idle threads do not keep the process alive, and end after `idleMs`, since each holds some 20 MB.
 */
export function createWorkerPool({ idleMs = 30_000 } = {}): WorkerPool {
  const workers = new Set<Worker>()
  const idle: Worker[] = []
  const timers = new WeakMap<Worker, NodeJS.Timeout>()

  function start(): Worker {
    // No flags of the parent: loaders and inspectors are not for us.
    const worker = new Worker(file, { execArgv: [] })
    workers.add(worker)
    // Whoever waits for the thread hears of its errors; one that dies idle only has to go from the list.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      workers.delete(worker)
      forget(worker)
    })
    return worker
  }

  function forget(worker: Worker): void {
    const at = idle.indexOf(worker)
    if (at !== -1) idle.splice(at, 1)
  }

  function retire(worker: Worker): Promise<number> {
    // At once: until it has exited, a job could still be given to it.
    forget(worker)
    return worker.terminate()
  }

  return {
    async verify(job) {
      const worker = idle.pop() ?? start()
      clearTimeout(timers.get(worker))
      worker.ref()
      const outcome = await outcomeOf(worker, job)
      worker.unref()
      idle.push(worker)
      timers.set(worker, setTimeout(() => retire(worker), idleMs).unref())
      if ('error' in outcome) throw new Error(`A password could not be verified as ${job.format}: ${outcome.error}`)
      return outcome.matches
    },
    async close() {
      await Promise.all([...workers].map(retire))
    },
  }
}

function outcomeOf(worker: Worker, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    }
    const onMessage = (outcome: Outcome): void => {
      settle()
      resolve(outcome)
    }
    const onError = (error: unknown): void => {
      settle()
      reject(error)
    }
    const onExit = (): void => onError(new Error('The password worker ended before its job.'))
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(job)
  })
}
