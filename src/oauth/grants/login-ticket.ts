import type { Form } from '../../schema/form.ts'
import { refuse } from '../../schema/problems.ts'
import type { Grant } from './grant.ts'

/**
 * The second half of a log-in, or of a mailed link, with `loginTicket=true`: form parameter `ticket`. `session_lifetime` and
 * `session_idle`, in seconds, let the session end earlier than the policy says (decisions/0039).
 */
export const loginTicket = {
  types: ['urn:latchkey:grant:login-ticket'],
  grant: (call) =>
    call.engine.tokens.byLoginTicket(call.context, {
      ...call.request,
      ticket: call.form.require('ticket'),
      lifetime: millisecondsOf(call.form, 'session_lifetime'),
      idle: millisecondsOf(call.form, 'session_idle'),
    }),
} satisfies Grant

/** @throws Problem queryValueInvalid */
function millisecondsOf(form: Form, parameter: string): number | undefined {
  const value = form.get(parameter)
  if (value === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(value)) refuse('queryValueInvalid', { parameter, reason: 'must be a number of seconds' })
  return Number(value) * 1000
}
