import type { Entity } from '../../resources/registry.ts'
import { string } from '../../schema/attribute.ts'
import { toOne } from '../../schema/link.ts'
import { parseBody } from '../../schema/parse.ts'
import { refuse } from '../../schema/problems.ts'
import { defineResource } from '../../schema/resource.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { parseHelpers } from '../body.ts'
import { type Call, flagOf, idOf, reply } from '../call.ts'
import { presentOne, type View, viewOf } from '../present.ts'
import { parseAccountStore } from './account-store.ts'
import { ticketMember } from './login-ticket.ts'

const account = toOne('account', { description: 'Whose password it is about.', write: 'never' })

/** What a request for a reset says, and what its answer shows (contract/rest.md 4.2). */
export const passwordResetToken = defineResource({
  name: 'passwordResetToken',
  path: 'passwordResetTokens',
  description: 'Mails a link on which a forgotten password is replaced.',
  operations: ['create'],
  attributes: { email: string({ description: 'Email address or username.', required: true, max: 1024 }) },
  links: { account },
  ignored: ['accountStore'],
})

/** What uses a reset token up. */
export const passwordReset = defineResource({
  name: 'passwordReset',
  path: 'passwordResetTokens',
  description: 'Sets the new password and uses the token up.',
  operations: ['create'],
  attributes: { password: string({ description: 'The new password.', required: true, max: 4096, secret: true }) },
  links: { account },
  // Clients that read the token send all of it back (trap T3).
  ignored: ['email'],
})

/** POST `/applications/:id/passwordResetTokens` */
export async function passwordResetTokens(call: Call): Promise<LightResponse> {
  const view = viewOf(call, passwordResetToken)
  const { values } = parseBody(passwordResetToken, call.body, 'create', parseHelpers(call))
  const accountStore = parseAccountStore(call)
  const application = idOf(call)
  const query = { application, login: values.email as string, ...(accountStore && { accountStore }) }
  const { token, account } = await call.engine.requestPasswordReset(call.context, query)
  return show(call, view, `${hrefOf(call)}/${token}`, { account, email: account.email })
}

/** GET `/applications/:id/passwordResetTokens/:token` */
export async function readPasswordResetToken(call: Call): Promise<LightResponse> {
  const view = viewOf(call, passwordResetToken)
  const [application, token = ''] = call.path
  const reset = await call.engine.readPasswordReset(call.context, token, application)
  if (!reset) return refuse('resetRequestUnknown', {})
  return show(call, view, `${hrefOf(call)}/${token}`, { ...reset, email: reset.account.email })
}

/**
 * POST `/applications/:id/passwordResetTokens/:token`. With `?loginTicket=true` it brings a ticket for the token endpoint,
 * where the account can log in by now.
 */
export async function usePasswordResetToken(call: Call): Promise<LightResponse> {
  const view = viewOf(call, passwordReset)
  const [application = '', token = ''] = call.path
  const { values } = parseBody(passwordReset, call.body, 'create', parseHelpers(call))
  const password = values.password as string
  const { engine, context, caller } = call
  const done = flagOf(call, 'loginTicket')
    ? await engine.tokens.resetForTicket(context, caller.key, { link: token, password, application })
    : { account: await engine.finishPasswordReset(context, token, password, application) }
  return show(call, view, `${hrefOf(call)}/${token}`, done)
}

const hrefOf = (call: Call): string => `${call.hrefs.toHref('application', idOf(call))}/passwordResetTokens`

async function show(
  call: Call,
  view: View,
  href: string,
  { account, email, ticket }: { account: Entity<'account'>; email?: string; ticket?: string | undefined },
): Promise<LightResponse> {
  const expanded = view.expansions.some(({ name }) => name === 'account')
  const shown = expanded
    ? await presentOne(call, 'account', account, { ...view, expansions: [] })
    : `{"href":"${call.hrefs.toHref('account', account.id)}"}`
  const address = email === undefined ? '' : `"email":${JSON.stringify(email)},`
  return reply(call, 200, `{"href":"${href}",${address}"account":${shown}${ticketMember(ticket)}}`)
}
