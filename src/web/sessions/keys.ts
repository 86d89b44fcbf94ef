import { ed25519Verifier, hmacKey, type VerifyingKey } from '../../crypto/jws/algorithms.ts'
import type { Clock } from '../../std/clock.ts'
import type { TokenKey } from '../service/service.ts'

/** However many tokens name keys that nobody knows: one question in this time. (attacks.md B14) */
const coolDown = 10_000

export interface Keys {
  /** The key of that id, at once when it is known; undefined when there is none. */
  find(id: string): VerifyingKey | undefined | Promise<VerifyingKey | undefined>
}

/** The keys of the application's tokens, asked for when a token names one that is not known. */
export function createKeys(load: () => Promise<TokenKey[]>, clock: Clock): Keys {
  let known = new Map<string, VerifyingKey>()
  let loading: Promise<void> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY

  async function reload(): Promise<void> {
    const keys = await load()
    known = new Map(keys.map((key) => [key.id, toVerifyingKey(key)]))
    loadedAt = clock.now()
  }

  return {
    find(id) {
      const found = known.get(id)
      if (found) return found
      if (!loading && clock.now() - loadedAt < coolDown) return undefined
      loading ??= reload().finally(() => {
        loading = undefined
      })
      return loading.then(() => known.get(id))
    },
  }
}

function toVerifyingKey(key: TokenKey): VerifyingKey {
  return key.type === 'HS256' ? hmacKey(key.id, key.secret) : ed25519Verifier(key.publicKey)
}
