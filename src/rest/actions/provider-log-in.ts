import type { ProviderCredentials } from '../../core/ports.ts'
import { string } from '../../schema/attribute.ts'
import { parseBody } from '../../schema/parse.ts'
import { isObject } from '../../schema/parse-attribute.ts'
import { defineResource, type Resource } from '../../schema/resource.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { parseHelpers } from '../body.ts'
import { type Call, idOf, reply } from '../call.ts'
import { presentOne, type View } from '../present.ts'
import { accountStoreIn } from './account-store.ts'

const credential = (description: string) => string({ description, min: 1, max: 16_384, format: 'line' })

/** What a page or an app brings from an identity provider (contract/rest.md 15): one of code, access token, ID token. */
export const providerLogIn = defineResource({
  name: 'providerLogIn',
  path: 'providerData',
  description: 'Credentials of an identity provider: the account of its user is answered, made if there is none.',
  operations: ['create'],
  attributes: {
    providerId: string({ description: 'Kind of provider.', required: true, min: 1, max: 63, format: 'line' }),
    code: credential('Authorization code.'),
    redirectUri: credential('With which the code was asked for; that of the provider when absent.'),
    codeVerifier: credential('Of the PKCE challenge with which the code was asked for.'),
    accessToken: credential('Access token of the provider.'),
    accessTokenSecret: credential('What signs with it: Twitter.'),
    idToken: credential('ID token of Google or an OpenID Connect provider.'),
    nonce: credential('What the ID token must carry.'),
  },
  links: {},
  ignored: ['accountStore'],
})

/** Whether the body of a creation brings somebody from an identity provider. A link to the part that comes back does not. */
export function isBrought({ broughtBy }: Resource, body: unknown): boolean {
  const part = broughtBy !== undefined && isObject(body) && Object.hasOwn(body, broughtBy) ? body[broughtBy] : undefined
  return isObject(part) && !Object.hasOwn(part, 'href') && part.providerId !== 'stormpath'
}

/** POST `/applications/:id/accounts` with `providerData`: 201 for a new account, 200 for one that was there (trap T8). */
export async function logInWithProvider(call: Call, view: View): Promise<LightResponse> {
  const { providerData, ...besides } = call.body as Record<string, unknown>
  const { values } = parseBody(providerLogIn, providerData, 'create', parseHelpers(call))
  const { providerId, ...credentials } = values as { providerId: string } & Record<string, string>
  const accountStore = accountStoreIn(call, besides) ?? accountStoreIn(call, providerData)
  const { account, isNew } = await call.engine.logInWithProvider(call.context, {
    application: idOf(call),
    providerId,
    credentials: credentials satisfies ProviderCredentials,
    ...(accountStore && { accountStore }),
  })
  const location = call.hrefs.toHref('account', account.id)
  return reply(call, isNew ? 201 : 200, await presentOne(call, 'account', account, view), location)
}
