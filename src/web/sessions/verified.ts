import type { AccessToken } from './access-token.ts'

const maxEntries = 50_000

/** Tokens whose signature was checked: a look-up instead of a verification for every further request. */
export interface VerifiedTokens {
  get(jwt: string): AccessToken | undefined
  put(token: AccessToken): void
  clear(): void
}

/** Two generations: when the young one is full it becomes the old one, and what was not used meanwhile is gone. */
export function createVerifiedTokens(size = maxEntries / 2): VerifiedTokens {
  let young = new Map<string, AccessToken>()
  let old = new Map<string, AccessToken>()
  const put = (token: AccessToken) => {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(token.jwt, token)
  }
  return {
    get(jwt) {
      const found = young.get(jwt)
      if (found) return found
      const older = old.get(jwt)
      if (older) put(older)
      return older
    },
    put,
    clear() {
      young.clear()
      old.clear()
    },
  }
}
