import { accountStoreOf, type Grant } from './grant.ts'

/** RFC 6749 §4.3; contract/rest.md 14.2. */
export const password = {
  types: ['password'],
  grant: (call) =>
    call.engine.tokens.byPassword(call.context, {
      ...call.request,
      login: call.form.require('username'),
      password: call.form.require('password'),
      ...accountStoreOf(call),
    }),
} satisfies Grant
