import type { LoginAttempt } from '../../core/authentication/login.ts'
import type { Entity } from '../../resources/registry.ts'
import { enumeration, string } from '../../schema/attribute.ts'
import { toOne } from '../../schema/link.ts'
import { parseBody } from '../../schema/parse.ts'
import { refuse } from '../../schema/problems.ts'
import { defineResource } from '../../schema/resource.ts'
import { bytesToText, decodeBase64 } from '../../std/base64url.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { isWellFormedText } from '../../std/text.ts'
import { parseHelpers } from '../body.ts'
import { type Call, flagOf, idOf, reply } from '../call.ts'
import { presentOne, viewOf } from '../present.ts'
import { parseAccountStore } from './account-store.ts'
import { ticketMember } from './login-ticket.ts'

/** Longer logins than any e-mail address or username can be. */
const MAX_LOGIN = 1024

/** What a log-in attempt says, and what its answer links to (contract/rest.md 4.1). */
export const loginAttempt = defineResource({
  name: 'loginAttempt',
  path: 'loginAttempts',
  description: 'Checks a login and password.',
  operations: ['create'],
  attributes: {
    type: enumeration(['basic'], { description: 'How the value is made.', required: true }),
    value: string({ description: 'Base64 of login, colon, password.', required: true }),
  },
  links: { account: toOne('account', { description: 'Whose they are.', write: 'never' }) },
  ignored: ['accountStore'],
})

/** POST `/applications/:id/loginAttempts`: the account, or why not. */
export async function loginAttempts(call: Call): Promise<LightResponse> {
  const view = viewOf(call, loginAttempt)
  const { values } = parseBody(loginAttempt, call.body, 'create', parseHelpers(call))
  const { login, password } = parseCredentials(values.value as string)
  const accountStore = parseAccountStore(call)
  const attempt: LoginAttempt = {
    application: idOf(call),
    login,
    password,
    ...(accountStore && { accountStore }),
  }
  const { account: found, ticket } = await logIn(call, attempt)
  const href = call.hrefs.toHref('account', found.id)
  const expanded = view.expansions.some(({ name }) => name === 'account')
  const account = expanded
    ? await presentOne(call, 'account', found, { ...view, expansions: [] })
    : `{"href":"${href}"}`
  return reply(call, 200, `{"account":${account}${ticketMember(ticket)}}`, href)
}

/** With `?loginTicket=true` the log-in ends in a ticket for the token endpoint. */
async function logIn(call: Call, attempt: LoginAttempt): Promise<{ account: Entity<'account'>; ticket?: string }> {
  if (flagOf(call, 'loginTicket')) return call.engine.tokens.logInForTicket(call.context, call.caller.key, attempt)
  const result = await call.engine.attemptLogin(call.context, attempt)
  if ('refused' in result) throw result.refused
  return result
}

/** Only the first colon separates: passwords may hold more. */
function parseCredentials(value: string): { login: string; password: string } {
  const bytes = decodeBase64(value.replaceAll(/\s/g, ''))
  const text = bytes && (bytesToText(bytes) ?? refuse('badEncoding', { property: 'value' }))
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon === -1) {
    return refuse('badFormat', { property: 'value', expected: 'base64 of login, colon and password' })
  }
  if (!isWellFormedText(text)) refuse('badEncoding', { property: 'value' })
  const login = text.slice(0, colon)
  if (login.length > MAX_LOGIN) refuse('tooLong', { property: 'value', max: MAX_LOGIN })
  return { login, password: text.slice(colon + 1) }
}
