import { errorFields, type Log } from './log.ts'

/** How long a process that no longer knows its own state may take to finish what is under way. */
const lastDrain = 5_000

/**
 * Ties a service to its process: SIGTERM and SIGINT stop it in order and a second one at once; an error that nobody
 * caught is logged in one line, and the process ends after what is under way.
 */
export function bindToProcess(stop: () => Promise<void>, log: Log): void {
  let stopping = false

  const end = (code: number, limit?: number) => {
    if (stopping) process.exit(1)
    stopping = true
    if (limit !== undefined) setTimeout(() => process.exit(code), limit).unref()
    stop().then(
      () => process.exit(code),
      (error) => {
        log({ level: 'error', event: 'process.stop_failed', msg: 'the stop failed', err: errorFields(error) })
        process.exit(1)
      },
    )
  }

  process.on('SIGTERM', () => end(0))
  process.on('SIGINT', () => end(0))
  process.on('uncaughtException', (error) => {
    log({ level: 'error', event: 'process.crashed', msg: 'an error was not caught', err: errorFields(error) })
    if (!stopping) end(1, lastDrain)
  })
  // Who read our output may have gone; that is no reason to go too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}
