import type { StoreRef } from '../../core/account-stores.ts'
import { isObject } from '../../schema/parse-attribute.ts'
import { parseReference } from '../../schema/parse-link.ts'
import { parseText } from '../../schema/parse-text.ts'
import { parseHelpers } from '../body.ts'
import type { Call } from '../call.ts'

const STORES = ['directory', 'group', 'organization'] as const

/** Where an action looks for an account: `{ href }` of a store or `{ nameKey }` of an organization. */
export function parseAccountStore(call: Call): StoreRef | { nameKey: string } | undefined {
  return accountStoreIn(call, call.body)
}

/** The same in a part of the body. */
export function accountStoreIn(call: Call, body: unknown): StoreRef | { nameKey: string } | undefined {
  const value = isObject(body) ? body.accountStore : undefined
  if (value === undefined || value === null) return undefined
  if (isObject(value) && !Object.hasOwn(value, 'href') && Object.hasOwn(value, 'nameKey')) {
    return { nameKey: parseText('nameKey', { max: 255 }, value.nameKey) }
  }
  return parseReference('accountStore', STORES, value, parseHelpers(call)) as StoreRef
}
