import { integer } from '../schema/attribute.ts'
import { defineResource } from '../schema/resource.ts'

const counter = (what: string) =>
  integer({ description: `Smallest number of ${what}; 0 asks for none.`, min: 0, max: 255, default: 0 })

/** contract/rest.md 6.10. The values of a new directory come from the tenant's preset. */
export const passwordStrength = defineResource({
  name: 'passwordStrength',
  path: 'strength',
  nested: true,
  description: 'What a new password must satisfy.',
  operations: ['read', 'update'],
  attributes: {
    minLength: integer({ description: 'Smallest length in characters.', min: 1, max: 255, default: 10 }),
    maxLength: integer({ description: 'Largest length in characters.', min: 1, max: 255, default: 128 }),
    minLowerCase: counter('lower-case letters'),
    minUpperCase: counter('upper-case letters'),
    minNumeric: counter('digits'),
    minSymbol: counter('symbols'),
    minDiacritic: counter('letters with diacritics'),
    preventReuse: integer({
      description: 'How many of the last passwords, the present one included, cannot be chosen again; 0 allows all.',
      min: 0,
      max: 25,
      default: 0,
    }),
  },
  links: {},
})
