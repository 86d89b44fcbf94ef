import type { Account } from './service/service.ts'
import type { User } from './user.ts'

const attributes = [
  'href',
  'username',
  'email',
  'givenName',
  'middleName',
  'surname',
  'fullName',
  'status',
  'createdAt',
  'modifiedAt',
] as const

/** What browsers are told of an account: these attributes, and nothing that leads anywhere. (contract/web.md §4) */
export function toPublicAccount(account: Account | User): Record<string, unknown> {
  const members = account as unknown as Record<string, unknown>
  return Object.fromEntries(attributes.map((name) => [name, members[name] ?? null]))
}
