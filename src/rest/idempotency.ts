import { createHmac } from 'node:crypto'
import type { Once } from '../core/idempotency.ts'
import { refuse } from '../schema/problems.ts'
import type { Call } from './call.ts'

const LONGEST_KEY = 255

/**
 * What makes a creation repeatable (draft-ietf-httpapi-idempotency-key-header-07): the `Idempotency-Key` header, a text of
 * visible ASCII characters, in quotes or without. Undefined where there is none.
 *
 * @throws Problem invalid
 */
export function onceOf({ request, bytes, engine, caller }: Call): Once | undefined {
  const given = request.header('idempotency-key')
  if (given === undefined) return undefined
  const key = /^"(.*)"$/.exec(given)?.[1]?.replace(/\\(["\\])/g, '$1') ?? given
  if (key.length > LONGEST_KEY || !/^[!-~]+$/.test(key)) {
    refuse('invalid', {
      property: 'Idempotency-Key',
      reason: `it must be 1 to ${LONGEST_KEY} visible ASCII characters, such as a UUID`,
    })
  }
  // Bodies may hold passwords: under the secret of the caller's key, their digest tells nobody who reads the database.
  const digest = createHmac('sha256', engine.secretOf(caller.key))
  digest.update(`once\n${request.method} ${request.path}?${request.query}\n`).update(bytes)
  return { key, fingerprint: digest.digest('base64url') }
}
