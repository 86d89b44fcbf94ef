import { enumeration, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 12 */
export const apiKey = defineResource({
  name: 'apiKey',
  path: 'apiKeys',
  description: 'An id and secret with which a program acts for an account.',
  showsId: true,
  attributes: {
    name: string({ description: 'What it is for.', max: 255, folded: true }),
    description: string({ description: 'Free text.', max: 1000 }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED keys authenticate nobody.',
      default: 'ENABLED',
    }),
    secret: string({
      description: 'The secret; in clear, or encrypted when the request asks for it.',
      required: true,
      write: 'never',
      sealed: true,
      encryptable: true,
    }),
    secretDigest: string({ description: 'SHA-256 of the secret, for HTTP Basic.', required: true, hidden: true }),
  },
  links: {
    account: toOne('account', { description: 'The account it acts for.', required: true, write: 'never' }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
})
