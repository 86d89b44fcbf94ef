import { parentPort } from 'node:worker_threads'
import { formats } from './formats.ts'

/** One password to verify; `format` is a name from the list of formats. */
export interface Job {
  format: string
  password: string
  encoded: string
}

/** Whether it matched, or what went wrong. */
export type Outcome = { matches: boolean } | { error: string }

// One job at a time: the pool sends the next when it has the outcome.
parentPort?.on('message', async (job: Job) => {
  parentPort?.postMessage(await perform(job))
})

async function perform({ format: name, password, encoded }: Job): Promise<Outcome> {
  try {
    const format = formats.find((each) => each.name === name)
    const parsed = format?.parse(encoded)
    if (!format || typeof parsed !== 'object') return { matches: false }
    return { matches: await format.verify(password, parsed) }
  } catch (error) {
    return { error: String(error) }
  }
}
