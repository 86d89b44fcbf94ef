import { enumeration } from '../schema/attribute.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 6.3: of a Cloud directory. */
export const provider = defineResource({
  name: 'provider',
  path: 'provider',
  nested: true,
  comesNested: true,
  description: 'Where the accounts of a directory come from: `stormpath` means they are kept here.',
  stored: false,
  operations: ['read'],
  attributes: {
    providerId: enumeration(['stormpath'], { description: 'Kind of provider.', default: 'stormpath', write: 'create' }),
    providerType: enumeration(['stormpath'], {
      description: 'Family of the provider.',
      default: 'stormpath',
      write: 'never',
    }),
  },
  links: {},
})
