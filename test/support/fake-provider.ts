import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** A user at the fake provider, in the words of the endpoint that tells it. */
export type FakeUser = Record<string, unknown>

export interface Asked {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** How it answers from now on, in place of what was asked. */
export type Misbehaviour = 'error' | 'silence' | 'drip' | 'flood' | 'redirect' | 'text' | undefined

/** What the client is called there, and the secret with which it speaks. */
export const CLIENT = { clientId: 'our-client', clientSecret: 'the-secret-of-our-client' }
/** Bound to the tokens of Twitter. */
export const TOKEN_SECRET = 'the-secret-of-a-token'

/**
 * Google, Facebook, GitHub, LinkedIn and Twitter below their names, a plain OAuth 2 provider below `/own`, and one of
 * OpenID Connect below `/oidc`: each knows the tokens and codes that it gave, and to which client.
 */
export class FakeProvider {
  readonly url: string
  readonly asked: Asked[] = []
  /** Seconds; what ID tokens count by. */
  now: () => number
  misbehaviour: Misbehaviour
  /** Changes what the discovery document says. */
  discovery: Record<string, unknown> = {}
  readonly #tokens = new Map<string, { user: FakeUser; client: string; emails?: unknown }>()
  readonly #codes = new Map<string, { token: string; idToken?: string; verifier?: string }>()
  readonly #keys: { kid: string; privateKey: CryptoKey; jwk: Record<string, unknown> }[] = []
  readonly #close: () => Promise<void>
  #serial = 0

  constructor(url: string, now: () => number, close: () => Promise<void>) {
    this.url = url
    this.now = now
    this.#close = close
  }

  /** An access token of a user; `client` is to whom it was given. */
  token(user: FakeUser, { client = CLIENT.clientId, emails }: { client?: string; emails?: unknown } = {}): string {
    const token = `token-${++this.#serial}-of-a-user`
    this.#tokens.set(token, { user, client, emails })
    return token
  }

  /** A code that is exchanged once; with a verifier where PKCE was begun. */
  code(user: FakeUser, options: { emails?: unknown; idToken?: string; verifier?: string } = {}): string {
    const code = `code-${++this.#serial}-of-a-user`
    this.#codes.set(code, { ...options, token: this.token(user, { emails: options.emails }) })
    return code
  }

  /** An ID token of OpenID Connect; `claims` over the usual ones. */
  async idToken(claims: JWTPayload & Record<string, unknown> = {}, issuer = `${this.url}/oidc`): Promise<string> {
    const key = this.#keys.at(-1) ?? (await this.rotate())
    const iat = Math.floor(this.now())
    const all = { iss: issuer, aud: CLIENT.clientId, iat, exp: iat + 300, ...claims }
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey)
  }

  /** A new key signs from now on, and is published. */
  async rotate() {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const kid = `key-${this.#keys.length + 1}`
    const key = { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
    this.#keys.push(key)
    return key
  }

  publishedKeys() {
    return this.#keys.map(({ jwk }) => jwk)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    this.asked.push({ method: request.method ?? '', path: url.pathname, headers: request.headers, body })
    if (this.misbehaviour) return misbehave(this.misbehaviour, response)
    const [, kind = ''] = url.pathname.split('/')
    const rest = url.pathname.slice(kind.length + 1)
    const found = this.#route(kind, rest, { request, url, body })
    const { status = 200, json } = found ?? { status: 404, json: { error: 'not_found' } }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  }

  close(): Promise<void> {
    return this.#close()
  }

  #route(
    kind: string,
    path: string,
    { request, url, body }: { request: IncomingMessage; url: URL; body: string },
  ): { status?: number; json: unknown } | undefined {
    const form = new URLSearchParams(body)
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const known = this.#tokens.get(bearer ?? url.searchParams.get('access_token') ?? '')
    const user = () => (known ? { json: known.user } : NO)
    switch (`${kind} ${path}`) {
      case 'google /token':
      case 'facebook /v22.0/oauth/access_token':
      case 'github /login/oauth/access_token':
      case 'linkedin /oauth/v2/accessToken':
      case 'own /token':
      case 'oidc /token':
        return this.#exchange(form, request.headers.authorization)
      case 'google /tokeninfo':
        return known
          ? { json: { aud: known.client, azp: known.client } }
          : { status: 400, json: { error: 'invalid_token' } }
      case 'google /oauth2/v3/userinfo':
      case 'linkedin /v2/userinfo':
      case 'github /user':
      case 'own /user':
      case 'oidc /userinfo':
        return user()
      case 'facebook /v22.0/debug_token': {
        const token = this.#tokens.get(url.searchParams.get('input_token') ?? '')
        const isUs = url.searchParams.get('access_token') === `${CLIENT.clientId}|${CLIENT.clientSecret}`
        return isUs ? { json: { data: { is_valid: Boolean(token), app_id: token?.client } } } : NO
      }
      case 'facebook /v22.0/me': {
        const token = url.searchParams.get('access_token') ?? ''
        const proof = createHmac('sha256', CLIENT.clientSecret).update(token).digest('hex')
        return url.searchParams.get('appsecret_proof') === proof ? user() : NO
      }
      case 'github /user/emails':
        return known?.emails ? { json: known.emails } : { status: 404, json: { message: 'Not Found' } }
      case `github /applications/${CLIENT.clientId}/token`: {
        const token = this.#tokens.get(JSON.parse(body).access_token)
        return isClient(request.headers.authorization) && token?.client === CLIENT.clientId
          ? { json: { app: { client_id: token.client } } }
          : { status: 404, json: { message: 'Not Found' } }
      }
      case 'linkedin /oauth/v2/introspectToken': {
        const token = this.#tokens.get(form.get('token') ?? '')
        return { json: token ? { active: true, client_id: token.client } : { active: false } }
      }
      case 'twitter /1.1/account/verify_credentials.json':
        return this.#twitter(request, url)
      case 'own /by-query': {
        const token = this.#tokens.get(url.searchParams.get('oauth_token') ?? '')
        return token ? { json: token.user } : NO
      }
      case 'oidc /.well-known/openid-configuration':
        return { json: { ...this.#document(`${this.url}/oidc`), ...this.discovery } }
      case 'google /.well-known/openid-configuration':
        return { json: { ...this.#document(`${this.url}/google`), jwks_uri: `${this.url}/oidc/keys` } }
      case 'oidc /keys':
        return { json: { keys: this.publishedKeys() } }
      default:
        return undefined
    }
  }

  #document(issuer: string) {
    return {
      issuer,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/keys`,
    }
  }

  #exchange(form: URLSearchParams, authorization: string | undefined): { status?: number; json: unknown } {
    const byForm = form.get('client_id') === CLIENT.clientId && form.get('client_secret') === CLIENT.clientSecret
    if (!byForm && !isClient(authorization)) return { status: 401, json: { error: 'invalid_client' } }
    const code = form.get('code') ?? ''
    const granted = this.#codes.get(code)
    const isRight = granted && (granted.verifier ?? null) === form.get('code_verifier')
    if (!isRight) return { status: 400, json: { error: 'invalid_grant', error_description: `no ${code}` } }
    this.#codes.delete(code)
    const { token, idToken } = granted
    return { json: { access_token: token, token_type: 'Bearer', refresh_token: `refresh-${token}`, id_token: idToken } }
  }

  #twitter(request: IncomingMessage, url: URL): { status?: number; json: unknown } {
    const header = request.headers.authorization ?? ''
    const sent = new Map(
      [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value ?? '')]),
    )
    const token = this.#tokens.get(sent.get('oauth_token') ?? '')
    const signature = sent.get('oauth_signature')
    sent.delete('oauth_signature')
    const encode = (text: string) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    const parameters = [...sent, ...url.searchParams].map(([name = '', value]) => `${encode(name)}=${encode(value)}`)
    const base = `GET&${encode(this.url + url.pathname)}&${encode(parameters.sort().join('&'))}`
    const key = `${encode(CLIENT.clientSecret)}&${encode(TOKEN_SECRET)}`
    const right = createHmac('sha1', key).update(base).digest('base64')
    const isOurs = token?.client === CLIENT.clientId && sent.get('oauth_consumer_key') === CLIENT.clientId
    return isOurs && signature === right ? { json: token.user } : NO
  }
}

const NO = { status: 401, json: { error: 'invalid_token' } }

const isClient = (authorization: string | undefined): boolean =>
  authorization === `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`

function misbehave(how: NonNullable<Misbehaviour>, response: ServerResponse): void {
  const json = { 'content-type': 'application/json' }
  switch (how) {
    case 'error':
      return void response.writeHead(503, json).end('{"error":{"message":"an inner secret","code":190}}')
    case 'silence':
      return
    case 'drip': {
      response.writeHead(200, json)
      const timer = setInterval(() => response.write(' '), 5)
      return void response.on('close', () => clearInterval(timer))
    }
    case 'flood':
      return void response
        .writeHead(200, json)
        .end(`{"id":"1","email":"x@example.com","a":"${'0'.repeat(1024 * 1024)}"}`)
    case 'redirect':
      return void response.writeHead(302, { location: '/own/user' }).end()
    case 'text':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>an inner secret</p>')
  }
}

/** @param now seconds, as the service under test counts them */
export async function startFakeProvider(now: () => number = () => Date.now() / 1000): Promise<FakeProvider> {
  const fake: { provider?: FakeProvider } = {}
  const server = createServer((request, response) => {
    fake.provider?.answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  fake.provider = new FakeProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, now, async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  })
  return fake.provider
}

/** A whole provider of a directory, as a body names it. */
export function providerBody(fake: FakeProvider, providerId: string, more: Record<string, unknown> = {}) {
  const own = { tokenEndpoint: `${fake.url}/own/token`, resourceEndpoint: `${fake.url}/own/user` }
  const kinds: Record<string, Record<string, unknown>> = {
    own: { ...own, authorizationEndpoint: `${fake.url}/own/authorize` },
    oidc: { discoveryUrl: `${fake.url}/oidc/.well-known/openid-configuration` },
  }
  return { providerId, ...CLIENT, ...kinds[providerId], ...more }
}
