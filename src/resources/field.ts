import { boolean, enumeration } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** The attributes of an account that a directory may require or not. */
export const schemaFields = ['givenName', 'surname'] as const

/** contract/rest.md 6.12. Made with the directory, one for each of `schemaFields`; `required` as the preset says. */
export const field = defineResource({
  name: 'field',
  path: 'fields',
  description: 'Whether new accounts of one directory must have an attribute.',
  operations: ['read', 'update'],
  attributes: {
    name: enumeration(schemaFields, { description: 'The attribute of accounts.', required: true, write: 'never' }),
    required: boolean({
      description: 'New accounts without it are refused; present ones stay as they are.',
      default: false,
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    schema: toOne('accountSchema', { description: 'The account schema.', required: true, write: 'never' }),
  },
  unique: [{ of: ['name'], within: 'schema' }],
})
