import { errorFields, type Log } from './log.ts'

/** How long a process that no longer knows its own state may take to finish what is under way. */
const lastDrain = 5_000

/**
 * Ties a service to its process: SIGTERM and SIGINT stop it in order and a second one at once; an error that nobody
 * caught is logged in one line, and the process ends after what is under way.
 */
export function bindToProcess(stop: (delay?: number) => Promise<void>, log: Log): void {
  let stopping = false

  const end = (code: number, ending: Promise<void>) => {
    stopping = true
    ending.then(
      () => process.exit(code),
      (error) => {
        log({ level: 'error', event: 'process.stop_failed', msg: 'the stop failed', err: errorFields(error) })
        process.exit(1)
      },
    )
  }

  const onSignal = () => {
    if (stopping) process.exit(1)
    end(0, stop())
  }

  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  process.on('uncaughtException', (error) => {
    log({ level: 'error', event: 'process.crashed', msg: 'an error was not caught', err: errorFields(error) })
    if (stopping) return
    setTimeout(() => process.exit(1), lastDrain).unref()
    end(1, stop(0))
  })
  // Who read our output may have gone; that is no reason to go too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}
