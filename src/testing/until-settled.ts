import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Handler } from '../std/exchange.ts'

/** A handler that can be waited for: what an application asks for in the background is answered before the end. */
export function untilSettled(handler: Handler): { handle: Handler; settled(): Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  return {
    handle(request) {
      const answer = handler(request)
      const over: Promise<unknown> = answer.finally(() => underWay.delete(over)).catch(() => {})
      underWay.add(over)
      return answer
    },
    async settled() {
      // An answer may lead to the next question.
      for (await nextTurn(); underWay.size > 0; await nextTurn()) await Promise.all(underWay)
    },
  }
}
