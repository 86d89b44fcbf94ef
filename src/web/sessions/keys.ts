import { ed25519Verifier, hmacKey, type VerifyingKey } from '../../crypto/jws/algorithms.ts'
import type { Clock } from '../../std/clock.ts'
import type { TokenKey } from '../service/service.ts'

/** However many tokens name keys that nobody knows: one question in this time. (attacks.md B14) */
const coolDown = 10_000

export interface Keys {
  /** The key of that id, at once when it is known; undefined when there is none. */
  find(id: string): VerifyingKey | undefined | Promise<VerifyingKey | undefined>
  /** They may have changed: asks again when one is needed. */
  forget(): void
}

/** The keys of the application's tokens, asked for when a token names one that is not known. */
export function createKeys(load: () => Promise<TokenKey[]>, clock: Clock): Keys {
  let known = new Map<string, VerifyingKey>()
  let loading: Promise<boolean> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY

  /** Resolves to false where the keys were forgotten meanwhile: the answer is from before. */
  function reload(): Promise<boolean> {
    const mine = load()
      .then((keys) => {
        if (loading !== mine) return false
        known = new Map(keys.map((key) => [key.id, toVerifyingKey(key)]))
        loadedAt = clock.now()
        return true
      })
      .finally(() => {
        if (loading === mine) loading = undefined
      })
    return mine
  }

  async function findAfresh(id: string): Promise<VerifyingKey | undefined> {
    for (;;) {
      loading ??= reload()
      if (await loading) return known.get(id)
    }
  }

  return {
    find(id) {
      const found = known.get(id)
      if (found) return found
      if (!loading && clock.now() - loadedAt < coolDown) return undefined
      return findAfresh(id)
    },
    forget() {
      known = new Map()
      loading = undefined
      loadedAt = Number.NEGATIVE_INFINITY
    },
  }
}

function toVerifyingKey(key: TokenKey): VerifyingKey {
  return key.type === 'HS256' ? hmacKey(key.id, key.secret) : ed25519Verifier(key.publicKey)
}
