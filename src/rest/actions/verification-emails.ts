import { string } from '../../schema/attribute.ts'
import { parseBody } from '../../schema/parse.ts'
import { defineResource } from '../../schema/resource.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { parseHelpers } from '../body.ts'
import { type Call, idOf } from '../call.ts'
import { emptyAnswer } from '../headers.ts'
import { parseAccountStore } from './account-store.ts'

/** What a request for another verification mail says (contract/rest.md 4.3). */
export const verificationEmail = defineResource({
  name: 'verificationEmail',
  path: 'verificationEmails',
  description: 'Mails the link anew that verifies an email address.',
  operations: ['create'],
  attributes: { login: string({ description: 'Email address or username.', required: true, max: 1024 }) },
  links: {},
  ignored: ['accountStore'],
})

/** POST `/applications/:id/verificationEmails`: 202 without a body (trap T8). */
export async function verificationEmails(call: Call): Promise<LightResponse> {
  const { values } = parseBody(verificationEmail, call.body, 'create', parseHelpers(call))
  const accountStore = parseAccountStore(call)
  await call.engine.resendVerification(call.context, {
    application: idOf(call),
    login: values.login as string,
    ...(accountStore && { accountStore }),
  })
  return emptyAnswer(202, call.context.requestId)
}
