import { enumeration, integer } from '../schema/attribute.ts'
import { part, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'
import { templates } from './template-collections.ts'

const mail = (description: string) => enumeration(['ENABLED', 'DISABLED'], { description, default: 'ENABLED' })

/** contract/rest.md 6.9; shares the directory's id. */
export const passwordPolicy = defineResource({
  name: 'passwordPolicy',
  path: 'passwordPolicies',
  description: 'Password rules of one directory.',
  operations: ['read', 'update'],
  attributes: {
    resetTokenTtl: integer({
      description: 'Hours for which a link to choose a new password is good.',
      min: 1,
      max: 168,
      default: 24,
    }),
    resetEmailStatus: mail('ENABLED: whoever forgot a password is mailed a link to choose a new one.'),
    resetSuccessEmailStatus: mail('ENABLED: a mail confirms that a password was reset.'),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    strength: part('passwordStrength', 'What a new password must satisfy.'),
    resetEmailTemplates: templates('reset', 'The template of the mail with the link: exactly one.'),
    resetSuccessEmailTemplates: templates('resetSuccess', 'The template of the mail that confirms: exactly one.'),
  },
})
