import { storeNamedBy } from '../../core/account-stores.ts'
import type { Granted } from '../../core/tokens/grant.ts'
import type { OAuthCall } from '../call.ts'

/** One way to get tokens. */
export interface Grant {
  /** Values of `grant_type`. */
  types: readonly string[]
  grant(call: OAuthCall): Promise<Granted>
}

/** Where to look for the account. @throws Problem invalid */
export function accountStoreOf({ form, engine }: OAuthCall): ReturnType<typeof storeNamedBy> {
  return storeNamedBy(form, engine.services.hrefs)
}
