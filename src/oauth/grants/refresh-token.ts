import type { Grant } from './grant.ts'

/** RFC 6749 §6. */
export const refreshToken = {
  types: ['refresh_token'],
  grant: ({ engine, context, request, form }) =>
    engine.tokens.byRefreshToken(context, { ...request, refreshToken: form.require('refresh_token') }),
} satisfies Grant
