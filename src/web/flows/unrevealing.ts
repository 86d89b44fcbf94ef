import { setTimeout as pause } from 'node:timers/promises'
import { isRefusal, isTooOften } from '../failures.ts'

/** Milliseconds: many times what is done for somebody known and not for somebody unknown. (decisions/0028) */
const STEP = 100

/** Takes a whole number of steps, however much or little is done: the time of an answer must not tell. */
export async function inSteps<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    const taken = performance.now() - started
    await pause(STEP - (taken % STEP))
  }
}

/** What is asked for an address whose owner nobody may learn of: refused or done, it ends alike, in words and in time. */
export async function unrevealing(ask: () => Promise<unknown>): Promise<void> {
  await inSteps(() =>
    ask().catch((error: unknown) => {
      if (!isRefusal(error) && !isTooOften(error)) throw error
    }),
  )
}
