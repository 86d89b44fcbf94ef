import { refuse } from '../schema/problems.ts'
import type { LightRequest } from '../std/exchange.ts'

/** Bytes of all bodies together that are taken in before anybody knows who sends them. */
const TOTAL = 64 * 1024 * 1024
/** Bodies up to this size are not counted: what connections there may be holds them. */
const SMALL = 16 * 1024

/** Bodies of requests whose signature covers the body, and so proves nothing before all of it is there. */
export function createUnprovedBodies(total = TOTAL) {
  let taken = 0

  return {
    /**
     * Reads a body and asks `prove` about it. Its bytes count until then.
     *
     * @throws Problem overloaded when there is no room for it now
     */
    async read<T>(request: LightRequest, limit: number, prove: (body: Uint8Array) => T): Promise<T> {
      const size = Math.min(lengthOf(request), limit)
      const counted = size > SMALL ? size : 0
      if (taken + counted > total) {
        refuse('overloaded', { retryAfterSeconds: 1, reason: 'too many large bodies are being read' })
      }
      taken += counted
      try {
        return prove(await request.body(limit))
      } finally {
        taken -= counted
      }
    },
  }
}

/** What is announced; a body in chunks may be of any length. */
function lengthOf(request: LightRequest): number {
  if (request.header('transfer-encoding') !== undefined) return Infinity
  const announced = request.header('content-length')
  // Requests of this process announce nothing.
  return announced === undefined ? 0 : Number(announced)
}
