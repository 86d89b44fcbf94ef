import type { StoreRef } from '../../core/account-stores.ts'
import type { Granted } from '../../core/tokens/grant.ts'
import { refuse } from '../../schema/problems.ts'
import type { OAuthCall } from '../call.ts'

/** One way to get tokens. */
export interface Grant {
  /** Values of `grant_type`. */
  types: readonly string[]
  grant(call: OAuthCall): Promise<Granted>
}

/**
 * Where to look for the account: `accountStore` by href, or an organization by `organizationNameKey` or `nameKey`
 * (contract/rest.md 14.2, trap T15).
 *
 * @throws Problem invalid
 */
export function accountStoreOf({ form, engine }: OAuthCall): { accountStore?: StoreRef | { nameKey: string } } {
  const nameKey = form.get('organizationNameKey') ?? form.get('nameKey')
  if (nameKey !== undefined) return { accountStore: { nameKey } }
  const href = form.get('accountStore')
  if (href === undefined) return {}
  const ref = engine.services.hrefs.parseHref(href)
  const isStore = ref?.resource === 'directory' || ref?.resource === 'group' || ref?.resource === 'organization'
  if (!isStore)
    return refuse('invalid', { property: 'accountStore', reason: 'it is no address of an account store here' })
  return { accountStore: ref as StoreRef }
}
