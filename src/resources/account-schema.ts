import { toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 6.12; shares the directory's id. */
export const accountSchema = defineResource({
  name: 'accountSchema',
  path: 'schemas',
  description: 'Which attributes a new account of one directory must have.',
  operations: ['read'],
  attributes: {},
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    directory: toOne('directory', { description: 'The directory.', required: true, write: 'never' }),
    fields: toMany('field', { by: 'schema' }, { description: 'One for each of these attributes.' }),
  },
})
