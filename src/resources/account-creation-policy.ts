import { enumeration, strings } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'
import { templates } from './template-collections.ts'

const mail = (description: string) => enumeration(['ENABLED', 'DISABLED'], { description, default: 'DISABLED' })

const domains = (description: string) =>
  strings({ description, maxCount: 1000, maxTotal: 20_000, entries: { min: 1, max: 255, format: 'domainRule' } })

/** contract/rest.md 6.8; shares the directory's id. */
export const accountCreationPolicy = defineResource({
  name: 'accountCreationPolicy',
  path: 'accountCreationPolicies',
  description: 'What happens when an account is created in one directory, and whose addresses are let in.',
  operations: ['read', 'update'],
  attributes: {
    verificationEmailStatus: mail('ENABLED: a new account is UNVERIFIED until a link mailed to it is followed.'),
    verificationSuccessEmailStatus: mail('ENABLED: a mail confirms that an address was verified.'),
    welcomeEmailStatus: mail(
      'ENABLED: a mail welcomes a new account, once its address is verified where that is asked.',
    ),
    emailDomainWhitelist: domains(
      'Domains whose addresses alone are let in; empty lets in all. `*` stands for any text: `*.example.com` is every sub-domain.',
    ),
    emailDomainBlacklist: domains('Domains whose addresses are kept out, also when the whitelist names them.'),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    verificationEmailTemplates: templates('verification', 'The template of the mail with the link: exactly one.'),
    verificationSuccessEmailTemplates: templates(
      'verificationSuccess',
      'The template of the mail that confirms: exactly one.',
    ),
    welcomeEmailTemplates: templates('welcome', 'The template of the welcome: exactly one.'),
  },
})
