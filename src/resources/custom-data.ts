import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 11. Its members are whatever JSON you put there. */
export const customData = defineResource({
  name: 'customData',
  path: 'customData',
  nested: true,
  open: true,
  description: 'JSON data of your own, merged member by member, every number kept as written.',
  operations: ['read', 'update', 'delete'],
  attributes: {},
  links: {},
})
