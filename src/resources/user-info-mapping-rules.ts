import { list, string } from '../schema/attribute.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 6.4; shares the directory's id. Applied at every log-in by the provider. */
export const userInfoMappingRules = defineResource({
  name: 'userInfoMappingRules',
  path: 'userInfoMappingRules',
  comesNested: true,
  description: 'Which fields of a user at the provider become which attributes of the account.',
  operations: ['read', 'update'],
  attributes: {
    items: list({
      description: 'The rules, replaced as a whole; the later ones win.',
      maxCount: 100,
      members: {
        name: string({
          description: 'Field of the user: dotted, `[n]` for members of arrays.',
          min: 1,
          max: 255,
          format: 'line',
        }),
        accountAttributes: {
          kind: 'strings',
          description:
            'Where its value goes: `givenName`, `middleName`, `surname`, `username`, `email`, or `customData.<name>`.',
          maxCount: 20,
          entries: { min: 1, max: 300, format: 'line' },
        },
      },
    }),
  },
  links: {},
})
