import type { ProviderCredentials } from '../../core/ports.ts'
import { accountStoreOf, type Grant } from './grant.ts'

const names = [
  'code',
  'redirectUri',
  'codeVerifier',
  'accessToken',
  'accessTokenSecret',
  'idToken',
  'nonce',
] as const satisfies readonly (keyof ProviderCredentials)[]

/** contract/rest.md 14.2: what an identity provider gave, under the names that its REST counterpart has. */
export const stormpathSocial = {
  types: ['stormpath_social'],
  grant: (call) => {
    const given = names.map((name) => [name, call.form.get(name)] as const).filter(([, value]) => value !== undefined)
    return call.engine.tokens.byProvider(call.context, {
      ...call.request,
      providerId: call.form.require('providerId'),
      credentials: Object.fromEntries(given),
      ...accountStoreOf(call),
    })
  },
} satisfies Grant
