import { accountStoreMappings, organizationAccountStoreMappings } from './account-store-mappings.ts'
import { accounts } from './accounts.ts'
import { apiKeys } from './api-keys.ts'
import { applications } from './applications.ts'
import type { Behaviours } from './context.ts'
import { directories } from './directories.ts'
import { groupMemberships } from './group-memberships.ts'
import { groups } from './groups.ts'
import { organizations } from './organizations.ts'

const plain = {}

export const behaviours: Behaviours = {
  tenant: plain,
  application: applications,
  directory: directories,
  provider: plain,
  passwordPolicy: plain,
  passwordStrength: plain,
  group: groups,
  groupMembership: groupMemberships,
  organization: organizations,
  accountStoreMapping: accountStoreMappings,
  organizationAccountStoreMapping: organizationAccountStoreMappings,
  account: accounts,
  providerData: plain,
  customData: plain,
  apiKey: apiKeys,
  idSite: plain,
}
