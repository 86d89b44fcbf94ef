import { expect, test } from 'vitest'
import { checkEmailDomain } from './email-domains.ts'

test('GOAL-G3 the longest lists of the worst rules are walked through in no time to speak of', () => {
  const worst = Array.from({ length: 80 }, () => `${'a*'.repeat(124)}b`)
  const email = `x@${'a'.repeat(253)}`
  checkEmailDomain(email, { emailDomainBlacklist: worst, emailDomainWhitelist: [] })
  expect(() => checkEmailDomain(email, { emailDomainBlacklist: [], emailDomainWhitelist: worst })).toThrow(
    'emailDomainNotWhitelisted',
  )
})
