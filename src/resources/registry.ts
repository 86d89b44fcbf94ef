import type { EntityOf } from '../schema/infer.ts'
import { account } from './account.ts'
import { accountCreationPolicy } from './account-creation-policy.ts'
import { accountLink } from './account-link.ts'
import { accountLinkingPolicy } from './account-linking-policy.ts'
import { accountSchema } from './account-schema.ts'
import { accountStoreMapping, organizationAccountStoreMapping } from './account-store-mapping.ts'
import { apiKey } from './api-key.ts'
import { application } from './application.ts'
import { customData } from './custom-data.ts'
import { directory } from './directory.ts'
import { emailTemplate } from './email-template.ts'
import { event } from './event.ts'
import { field } from './field.ts'
import { group } from './group.ts'
import { groupMembership } from './group-membership.ts'
import { idSite } from './id-site.ts'
import { oAuthPolicy } from './o-auth-policy.ts'
import { organization } from './organization.ts'
import { passwordPolicy } from './password-policy.ts'
import { passwordStrength } from './password-strength.ts'
import { provider } from './provider.ts'
import { providerData } from './provider-data.ts'
import { samlPolicy } from './saml-policy.ts'
import { session } from './session.ts'
import { signingKey } from './signing-key.ts'
import { smtpServer } from './smtp-server.ts'
import { tenant } from './tenant.ts'
import { accessToken, refreshToken } from './token.ts'
import { userInfoMappingRules } from './user-info-mapping-rules.ts'
import { webConfig } from './web-config.ts'
import { webhook } from './webhook.ts'
import { webhookDelivery } from './webhook-delivery.ts'

/** Every resource there is. A new one joins the product by its line here. */
export const registry = {
  tenant,
  application,
  directory,
  provider,
  userInfoMappingRules,
  passwordPolicy,
  passwordStrength,
  accountCreationPolicy,
  accountSchema,
  field,
  group,
  groupMembership,
  organization,
  accountStoreMapping,
  organizationAccountStoreMapping,
  account,
  providerData,
  customData,
  apiKey,
  idSite,
  oAuthPolicy,
  samlPolicy,
  accountLinkingPolicy,
  accountLink,
  webConfig,
  signingKey,
  session,
  refreshToken,
  accessToken,
  emailTemplate,
  smtpServer,
  event,
  webhook,
  webhookDelivery,
}

export type Registry = typeof registry
export type ResourceName = keyof Registry
/** The stored form of one resource. */
export type Entity<N extends ResourceName = ResourceName> = EntityOf<Registry[N]>
