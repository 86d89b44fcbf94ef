import { boolean, integer } from '../schema/attribute.ts'
import { defineResource } from '../schema/resource.ts'

const counter = (what: string) =>
  integer({ description: `Smallest number of ${what}; 0 asks for none.`, min: 0, max: 255, default: 0 })

const guard = (description: string) => boolean({ description, default: false, extra: true })

/** contract/rest.md 6.10, and guards of our own. The values of a new directory come from the tenant's preset. */
export const passwordStrength = defineResource({
  name: 'passwordStrength',
  path: 'strength',
  nested: true,
  description: 'What a new password must satisfy.',
  operations: ['read', 'update'],
  attributes: {
    minLength: integer({
      description: 'Smallest length in characters. NIST SP 800-63B-4 asks for 15, or 8 beside a second factor.',
      min: 1,
      max: 255,
      default: 10,
    }),
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
    preventCommon: guard('true: none of the 49,000 most common passwords, in any case.'),
    preventContext: guard(
      'true: names, username and email address of the account, and the names of its directory and application, count for nothing in a password.',
    ),
    preventBreached: guard(
      'true: none that is known from breaches. Five hexadecimal digits of its SHA-1 are sent to the `breachedPasswords` server of the settings.',
    ),
  },
  links: {},
})
