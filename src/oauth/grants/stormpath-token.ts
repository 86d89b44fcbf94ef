import { accountStoreOf, type Grant } from './grant.ts'

/** contract/rest.md 14.2: an assertion about who logged in. `id_site_token` is its older name. */
export const stormpathToken = {
  types: ['stormpath_token', 'id_site_token'],
  grant: (call) =>
    call.engine.tokens.byAssertion(call.context, {
      ...call.request,
      assertion: call.form.require('token'),
      ...accountStoreOf(call),
    }),
} satisfies Grant
