import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Entity } from '../resources/registry.ts'

const maxKeys = 1_000

/**
 * The keys from which the signatures of one API key on one day are derived: HMAC of the date under `SAuthc1` and the
 * secret. The last thousand used are kept, so that a secret is opened once a day. (contract/rest.md §2.3)
 */
export function createDayKeys(secretOf: (key: Entity<'apiKey'>) => string) {
  const kept = new Map<string, { sealed: string; dayKey: KeyObject }>()

  return (key: Entity<'apiKey'>, date: string): KeyObject => {
    const place = `${date}/${key.id}`
    const found = kept.get(place)
    kept.delete(place)
    // Another sealed text may hold another secret.
    const dayKey = found?.sealed === key.secret ? found.dayKey : toDayKey(secretOf(key), date)
    kept.set(place, { sealed: key.secret, dayKey })
    if (kept.size > maxKeys) kept.delete(kept.keys().next().value as string)
    return dayKey
  }
}

/** The key of one day for a clear secret. */
export function toDayKey(secret: string, date: string): KeyObject {
  return createSecretKey(createHmac('sha256', `SAuthc1${secret}`).update(date).digest())
}
