import { storeNamedBy } from '../../core/account-stores.ts'
import type { Granted } from '../../core/tokens/grant.ts'
import { type Form, parseForm } from '../../schema/form.ts'
import { refuse } from '../../schema/problems.ts'
import { bytesToText, decodeBase64 } from '../../std/base64url.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { type ClientCall, replyEmpty, replyJson } from '../call.ts'

type Grant = (call: ClientCall, form: Form) => Promise<Granted>

const grants: Readonly<Record<string, Grant>> = {
  password: ({ engine, context, grant }, form) =>
    engine.tokens.byPassword(context, {
      ...grant,
      login: form.require('username'),
      password: form.require('password'),
      // The web configuration says whether this endpoint is open (decisions/0034).
      switchedOn: true,
      ...storeNamedBy(form, engine.services.hrefs),
    }),
  refresh_token: ({ engine, context, grant }, form) =>
    engine.tokens.byRefreshToken(context, { ...grant, refreshToken: form.require('refresh_token') }),
  client_credentials: ({ engine, context, grant, request }) =>
    engine.tokens.byClientCredentials(context, { ...grant, ...basicPair(request.header('authorization')) }),
}

/** POST `/oauth/token` (contract/rest.md 21.3): a form; what is in the query is not heard. */
export async function token(call: ClientCall): Promise<LightResponse> {
  const form = parseForm(call.body, call.request.header('content-type'), '')
  const grantType = form.require('grant_type')
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined
  if (!grant) return refuse('grantTypeUnsupported', { grantType })
  const { accessToken, expiresIn, refreshToken } = await grant(call, form)
  return replyJson(call, {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    token_type: 'Bearer',
    expires_in: expiresIn,
  })
}

const HINTS = { access_token: 'access', refresh_token: 'refresh' } as const

/** POST `/oauth/revoke`: the token, and all that came of the same log-in (RFC 7009). */
export async function revoke(call: ClientCall): Promise<LightResponse> {
  const { engine, context, grant } = call
  const form = parseForm(call.body, call.request.header('content-type'), '')
  const given = form.get('token_type_hint')
  const hint = given !== undefined && Object.hasOwn(HINTS, given) ? HINTS[given as keyof typeof HINTS] : undefined
  await engine.tokens.revoke(context, { ...grant, token: form.require('token'), ...(hint && { hint }) })
  return replyEmpty(call)
}

/** The id and secret of an account's API key by HTTP Basic. @throws Problem apiKeyPairInvalid */
function basicPair(header: string | undefined): { id: string; secret: string } {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1]
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded)
  const text = bytes && bytesToText(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (!text || colon < 1) return refuse('apiKeyPairInvalid', {})
  return { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
