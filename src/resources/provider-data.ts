import { enumeration } from '../schema/attribute.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 9.4: of an account in a Cloud directory. */
export const providerData = defineResource({
  name: 'providerData',
  path: 'providerData',
  nested: true,
  description: 'What the provider of the directory says about an account.',
  stored: false,
  operations: ['read'],
  attributes: {
    providerId: enumeration(['stormpath'], { description: 'Kind of provider.', default: 'stormpath', write: 'never' }),
  },
  links: {},
})
