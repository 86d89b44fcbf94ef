import type { Grant } from './grant.ts'

/** RFC 6749 §4.4. The pair has two names each: one in the documentation, one in the old Java SDK (trap T15). */
export const clientCredentials = {
  types: ['client_credentials'],
  grant: ({ engine, context, request, form }) =>
    engine.tokens.byClientCredentials(context, {
      ...request,
      id: form.get('apiKeyId') ?? form.require('client_id'),
      secret: form.get('apiKeySecret') ?? form.require('client_secret'),
    }),
} satisfies Grant
