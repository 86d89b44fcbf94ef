import { bytesToText, decodeBase64 } from '../../std/base64url.ts'
import type { LightResponse } from '../../std/exchange.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { readInput } from '../input.ts'
import type { ServiceRejection } from '../problems.ts'
import { Rejection } from '../rejection.ts'
import type { Verbs } from './flow.ts'
import { admit } from './log-in.ts'

type OAuthError = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type'

/** contract/web.md §11: tokens for whoever keeps them itself. Cookies mean nothing here. */
export const token: Verbs = {
  anyType: true,
  async GET(exchange) {
    const answer = refuse(exchange, 405, 'invalid_request', 'Only POST is possible here.')
    return { ...answer, headers: { ...answer.headers, allow: 'POST' } }
  },
  POST: (exchange) => guarded(exchange, grant),
}

/** RFC 7009: 200 whatever the token. */
export const revoke: Verbs = {
  anyType: true,
  POST: (exchange) =>
    guarded(exchange, async (exchange, form) => {
      const given = form.token
      if (!given) return refuse(exchange, 400, 'invalid_request', 'The token parameter is required.')
      await exchange.parts.sessions.revoke([given])
      return exchange.empty()
    }),
}

type Form = Readonly<Record<string, string | undefined>>

async function guarded(
  exchange: Exchange,
  next: (exchange: Exchange, form: Form) => Promise<LightResponse>,
): Promise<LightResponse> {
  try {
    const form = await readForm(exchange)
    if (!form) return refuse(exchange, 400, 'invalid_request', 'The body must be a URL-encoded form.')
    return await next(exchange, form)
  } catch (error) {
    if (error instanceof Rejection) {
      const { sentence } = error as ServiceRejection
      const text = sentence ?? exchange.parts.pages.text(error.text, exchange.locale)
      return refuse(exchange, error.status, 'invalid_grant', text)
    }
    if (isRefusal(error)) return refuse(exchange, 400, 'invalid_grant', error.message)
    throw error
  }
}

async function readForm({ request }: Exchange): Promise<Form | undefined> {
  const input = await readInput(request, 32 * 1024).catch(() => undefined)
  if (input?.kind !== 'form') return undefined
  const values = Object.entries(input.fields)
  return values.every(([, value]) => typeof value === 'string') ? (input.fields as Form) : undefined
}

async function grant(exchange: Exchange, form: Form): Promise<LightResponse> {
  const { oauth2 } = exchange.parts.settings
  const type = form.grant_type
  if (!type) return refuse(exchange, 400, 'invalid_request', 'The grant_type parameter is required.')
  if (type === 'password' && oauth2.password) return byPassword(exchange, form)
  if (type === 'refresh_token') return byRefreshToken(exchange, form)
  if (type === 'client_credentials' && oauth2.clientCredentials) return byApiKey(exchange, form)
  return refuse(exchange, 400, 'unsupported_grant_type', 'This grant type is not supported.')
}

async function byPassword(
  exchange: Exchange,
  { username, password, organizationNameKey }: Form,
): Promise<LightResponse> {
  if (!username || !password) {
    return refuse(exchange, 400, 'invalid_request', 'The username and password parameters are required.')
  }
  const { service } = exchange.parts
  await exchange.hook('preLogin', { login: username, fields: { username } }, 'token')
  const { account, tokens } = await service.logIn({
    login: username,
    password,
    organization: organizationNameKey,
    source: exchange.source,
  })
  return answer(exchange, await admit(exchange, { account, tokens }, 'token'))
}

async function byRefreshToken(exchange: Exchange, form: Form): Promise<LightResponse> {
  if (!form.refresh_token) return refuse(exchange, 400, 'invalid_request', 'The refresh_token parameter is required.')
  return answer(exchange, await exchange.parts.service.refresh(form.refresh_token))
}

async function byApiKey(exchange: Exchange, form: Form): Promise<LightResponse> {
  const pair = apiKeyOf(exchange, form)
  if (!pair) return refuse(exchange, 401, 'invalid_client', 'The id and secret of an API key are required.')
  try {
    const { accessToken } = await exchange.parts.service.apiKeyGrant(...pair)
    return answer(exchange, { accessToken, refreshToken: undefined })
  } catch (error) {
    if (isRefusal(error)) return refuse(exchange, 401, 'invalid_client', 'API key authentication failed.')
    throw error
  }
}

function apiKeyOf({ request }: Exchange, form: Form): [string, string] | undefined {
  const basic = /^basic +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
  const bytes = basic === undefined ? undefined : decodeBase64(basic)
  const text = bytes && bytesToText(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (text && colon > 0) return [text.slice(0, colon), text.slice(colon + 1)]
  return form.client_id && form.client_secret ? [form.client_id, form.client_secret] : undefined
}

function answer(
  exchange: Exchange,
  { accessToken, refreshToken }: { accessToken: string; refreshToken: string | undefined },
): LightResponse {
  const expiresIn = exchange.parts.lifetimeOf(accessToken)
  const body = {
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    token_type: 'Bearer',
    expires_in: expiresIn,
  }
  return exchange.json(200, body, noStore)
}

function refuse(exchange: Exchange, status: number, error: OAuthError, message: string): LightResponse {
  const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer realm="latchkey"' } : {}
  return exchange.json(status, { error, message }, { ...noStore, ...challenge })
}

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }
