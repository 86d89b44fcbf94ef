import { setTimeout as pause } from 'node:timers/promises'

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
