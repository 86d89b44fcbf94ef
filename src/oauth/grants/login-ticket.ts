import type { Grant } from './grant.ts'

/** The second half of a log-in by `loginAttempts?loginTicket=true`: form parameter `ticket`. */
export const loginTicket = {
  types: ['urn:latchkey:grant:login-ticket'],
  grant: (call) =>
    call.engine.tokens.byLoginTicket(call.context, {
      ...call.request,
      ticket: call.form.require('ticket'),
    }),
} satisfies Grant
