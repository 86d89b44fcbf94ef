/** Token flows of npm's stormpath@0.20.1, unmodified, against a service of its own with the historical preset. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, readKey, startService } from '../support/service.ts'
import { call, openClient, type Sdk, stormpath } from './stormpath.ts'

const PASSWORD = 'Copper-Kettle-4471'

let service: RunningService
let client: Sdk
let application: Sdk
let account: Sdk

beforeAll(async () => {
  service = await startService({ args: ['--preset', 'stormpath'] })
  client = await freshClient()
  application = await call(client, 'createApplication', { name: 'Token flows' }, { createDirectory: true })
  account = await call(application, 'createAccount', {
    givenName: 'Ada',
    surname: 'Lovelace',
    email: 'ada@example.com',
    password: PASSWORD,
  })
})

afterAll(async () => {
  await service?.kill()
})

const freshClient = async (): Promise<Sdk> =>
  openClient(`${service.url}/v1`, await readKey(join(service.data, 'apiKey.properties')))

const logIn = (form: object = {}): Promise<Sdk> =>
  call(new stormpath.OAuthPasswordGrantRequestAuthenticator(application), 'authenticate', {
    username: 'ada@example.com',
    password: PASSWORD,
    ...form,
  })

const renew = (refresh_token: string): Promise<Sdk> =>
  call(new stormpath.OAuthRefreshTokenGrantRequestAuthenticator(application), 'authenticate', { refresh_token })

describe('Tokens with the SDK for Node', () => {
  test('REST-P2 the password grant gives tokens and their account', async () => {
    const { accessTokenResponse, getAccount } = await logIn()
    expect(accessTokenResponse).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    expect(accessTokenResponse.refresh_token).toEqual(expect.any(String))
    expect(getAccount).toEqual(expect.any(Function))
    const result = await logIn()
    expect((await call(result, 'getAccount')).href).toBe(account.href)
  })

  test('REST-P2 TRAP-T16 a wrong password is told by its code', async () => {
    await expect(logIn({ password: 'wrong' })).rejects.toMatchObject({ status: 400, code: 7100 })
  })

  test('REST-P3 an account store is named by its href', async () => {
    const { accessTokenResponse } = await logIn({ accountStore: account.directory.href })
    expect(accessTokenResponse.access_token).toEqual(expect.any(String))
    const elsewhere = await call(client, 'createDirectory', { name: 'Elsewhere' })
    await expect(logIn({ accountStore: elsewhere.href })).rejects.toMatchObject({ code: 5114 })
  })

  test('REST-P4 the refresh grant gives a new access token and the same refresh token', async () => {
    const { accessTokenResponse: first } = await logIn()
    const { accessTokenResponse: second } = await renew(first.refresh_token)
    expect(second.refresh_token).toBe(first.refresh_token)
    expect(second.access_token).not.toBe(first.access_token)
    await expect(renew('garbage')).rejects.toMatchObject({ code: 10017 })
  })

  test('REST-P11 TRAP-T12 a token is verified locally with the secret of the client', async () => {
    const { accessTokenResponse } = await logIn()
    const authenticator = new stormpath.JwtAuthenticator(application).withLocalValidation()
    const result = await call(authenticator, 'authenticate', accessTokenResponse.access_token)
    expect(result.expandedJwt.claims.iss).toBe(application.href)
    expect(result.expandedJwt.header.stt).toBe('access')
    const tampered = `${accessTokenResponse.access_token.slice(0, -4)}AAAA`
    await expect(call(authenticator, 'authenticate', tampered)).rejects.toMatchObject({ statusCode: 401 })
  })

  test('REST-P13 a token is validated by the service, and a revoked one is not valid there', async () => {
    const { accessTokenResponse } = await logIn()
    const authenticator = new stormpath.JwtAuthenticator(application)
    const result = await call(authenticator, 'authenticate', accessTokenResponse.access_token)
    expect(result.account.href).toBe(account.href)
    // This SDK has no method for it.
    const { id, secret } = await readKey(join(service.data, 'apiKey.properties'))
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const body = new URLSearchParams({ token: accessTokenResponse.refresh_token })
    await fetch(`${application.href}/oauth/revoke`, { method: 'POST', body, headers: { authorization } })
    // What the first client has read it keeps for a while.
    const elsewhere = await call(await freshClient(), 'getApplication', application.href)
    const revoked = call(new stormpath.JwtAuthenticator(elsewhere), 'authenticate', accessTokenResponse.access_token)
    await expect(revoked).rejects.toMatchObject({ status: 400, code: 10013 })
  })

  test('REST-P19 a token is verified by the key it names, looked up by whoever has another', async () => {
    const { accessTokenResponse } = await logIn()
    const authenticator = new stormpath.StormpathAccessTokenAuthenticator(client).forApplication(application)
    const result = await call(authenticator, 'authenticate', accessTokenResponse.access_token)
    expect((await call(result, 'getAccount')).href).toBe(account.href)
    authenticator.withLocalValidation()
    await call(authenticator, 'authenticate', accessTokenResponse.access_token)
  })

  test('REST-P5 client credentials give an access token for the account of an API key', async () => {
    const key = await call(account, 'createApiKey')
    const authenticator = new stormpath.OAuthClientCredentialsAuthenticator(application)
    const { accessTokenResponse } = await call(authenticator, 'authenticate', {
      apiKey: { id: key.id, secret: key.secret },
    })
    expect(accessTokenResponse.refresh_token).toBeUndefined()
    const wrong = call(authenticator, 'authenticate', { apiKey: { id: key.id, secret: 'wrong' } })
    await expect(wrong).rejects.toMatchObject({ code: 10019 })
  })

  test('REST-P12 the tokens of an account are listed and deleted', async () => {
    await logIn()
    const fresh = await freshClient()
    const own = await call(fresh, 'getAccount', account.href)
    const tokens = await call(own, 'getAccessTokens')
    expect(tokens.items.length).toBeGreaterThan(0)
    const [token] = tokens.items
    expect(token.expandedJwt.claims.jti).toBe(token.href.split('/').at(-1))
    await call(token, 'delete')
    const validated = call(new stormpath.JwtAuthenticator(application), 'authenticate', token.jwt)
    await expect(validated).rejects.toMatchObject({ status: 400, code: 10013 })
  })

  test('REST-P1 the policy is read and saved', async () => {
    const policy = await call(application, 'getOAuthPolicy')
    expect(policy).toMatchObject({ accessTokenTtl: 'PT1H', refreshTokenTtl: 'P60D' })
    policy.accessTokenTtl = 'PT10M'
    await call(policy, 'save')
    expect((await logIn()).accessTokenResponse.expires_in).toBe(600)
  })
})
