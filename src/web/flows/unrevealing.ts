import { inSteps } from '../../std/in-steps.ts'
import { isRefusal, isTooOften } from '../failures.ts'

/** What is asked for an address whose owner nobody may learn of: refused or done, it ends alike, in words and in time. */
export async function unrevealing(ask: () => Promise<unknown>): Promise<void> {
  await inSteps(() =>
    ask().catch((error: unknown) => {
      if (!isRefusal(error) && !isTooOften(error)) throw error
    }),
  )
}
