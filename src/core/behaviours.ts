import { accountStoreMappings, organizationAccountStoreMappings } from './account-store-mappings.ts'
import { accounts } from './accounts.ts'
import { apiKeys } from './api-keys.ts'
import { applications } from './applications.ts'
import type { Behaviours } from './context.ts'
import { directories } from './directories.ts'
import { emailTemplates } from './emails/email-templates.ts'
import { groupMemberships } from './group-memberships.ts'
import { groups } from './groups.ts'
import { accountLinks } from './linking/account-links.ts'
import { organizations } from './organizations.ts'
import { providers, userInfoMappingRules } from './providers/directory-provider.ts'
import { smtpServers } from './smtp-servers.ts'
import { refreshTokens } from './tokens/refresh-tokens.ts'
import { webConfigs } from './web-configs/web-configs.ts'
import { webhooks } from './webhooks/webhooks.ts'

/** What kinds of resources do besides; the others only create, read, update and delete. */
export const behaviours: Behaviours = {
  application: applications,
  directory: directories,
  group: groups,
  groupMembership: groupMemberships,
  organization: organizations,
  accountStoreMapping: accountStoreMappings,
  organizationAccountStoreMapping: organizationAccountStoreMappings,
  account: accounts,
  accountLink: accountLinks,
  apiKey: apiKeys,
  emailTemplate: emailTemplates,
  smtpServer: smtpServers,
  refreshToken: refreshTokens,
  webConfig: webConfigs,
  webhook: webhooks,
  provider: providers,
  userInfoMappingRules,
}
