import { datetime, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** An Ed25519 pair of an application. Held by the house: clients see the public halves as a JWK set. */
export const signingKey = defineResource({
  name: 'signingKey',
  path: 'signingKeys',
  description: 'Signs the tokens of one application.',
  operations: [],
  attributes: {
    publicKey: string({ description: 'The public half, `x` of its JWK.', required: true, hidden: true }),
    privateKey: string({ description: 'The private half, PKCS #8.', required: true, hidden: true, sealed: true }),
    activeAt: datetime({ description: 'From when on it signs; it is published before.', required: true, hidden: true }),
  },
  links: {
    application: toOne('application', { description: 'The application.', required: true, write: 'never' }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
})
