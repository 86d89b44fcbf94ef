import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { CLIENT, type FakeUser, providerBody, startFakeProvider, TOKEN_SECRET } from '../support/fake-provider.ts'
import {
  type Answer,
  type Body,
  describeConformance,
  expectError,
  expectStatus,
  type Json,
  link,
  PASSWORD,
  type Service,
  unique,
} from './harness.ts'

const fake = await startFakeProvider()
afterAll(() => fake.close())

/** Users in the words of each provider, all the same person but for the id. */
const speak: Record<string, (id: string, email: string) => FakeUser> = {
  google: (sub, email) => ({
    sub,
    email,
    email_verified: true,
    given_name: 'Ada',
    family_name: 'Lovelace',
    locale: 'en',
  }),
  linkedin: (sub, email) => ({ sub, email, email_verified: true, given_name: 'Ada', family_name: 'Lovelace' }),
  facebook: (id, email) => ({ id, email, first_name: 'Ada', last_name: 'Lovelace' }),
  github: (id, email) => ({ id: Number(id.replace(/\D/g, '')), login: id, name: 'Ada Lovelace', email }),
  twitter: (id_str, email) => ({ id: 1, id_str, name: 'Ada Lovelace', screen_name: 'ada', email }),
  own: (id, email) => ({ id, email, first_name: 'Ada', last_name: 'Lovelace', score: 1 }),
}
const emailsOf = (email: string) => ({
  emails: [
    { email: 'old@example.com', verified: true },
    { email, verified: true, primary: true },
  ],
})
const newUser = (kind: string, email = `${unique('visitor')}@example.com`): FakeUser =>
  (speak[kind] as (id: string, email: string) => FakeUser)(unique('7000'), email)

async function site(
  service: Service,
  providerId: string,
  more: Body = {},
): Promise<{ application: Json; directory: Json }> {
  fake.now = () => service.clock.now() / 1000
  const application = await service.newApplication()
  const directory = await service.newDirectory({ provider: providerBody(fake, providerId, more) })
  await service.newMapping(application, directory)
  return { application: await service.read(application.href), directory }
}

const bring = (service: Service, application: Json, providerData: Body, more: Body = {}, query = ''): Promise<Answer> =>
  service.post(application.accounts.href + query, { providerData, ...more })

beforeEach(() => {
  fake.asked.length = 0
  fake.misbehaviour = undefined
  fake.discovery = {}
})

describeConformance(
  'Log-ins by a provider',
  (service) => {
    test.each(['google', 'facebook', 'github', 'linkedin', 'own'])(
      'REST-H6 TRAP-T8 %s: an access token makes an account with 201, and finds it with 200',
      async (providerId) => {
        const { application, directory } = await site(service(), providerId)
        const user = newUser(providerId)
        const token = fake.token(user, emailsOf(user.email as string))
        const first = expectStatus(await bring(service(), application, { providerId, accessToken: token }), 201)
        expect(first.headers.get('location')).toBe(first.body.href)
        expect(first.body).toMatchObject({
          email: user.email,
          username: user.email,
          givenName: 'Ada',
          surname: 'Lovelace',
          status: 'ENABLED',
          directory: link(directory),
        })
        const again = expectStatus(await bring(service(), application, { providerId, accessToken: token }), 200)
        expect(again.headers.get('location')).toBe(first.body.href)
        expect(again.body).toEqual(first.body)
        expect(await service().read(first.body.href)).toEqual(first.body)
        expect((await service().read(directory.accounts.href)).size).toBe(1)
      },
    )

    test.each(['google', 'facebook', 'github', 'linkedin', 'own'])(
      'REST-H6 %s: a code is exchanged, once, with the redirect URI and the verifier it was asked for with',
      async (providerId) => {
        const { application } = await site(service(), providerId, { redirectUri: 'https://app.example.com/back' })
        const user = newUser(providerId)
        const verifier = 'a-verifier-of-at-least-forty-three-characters'
        const code = fake.code(user, { verifier, ...emailsOf(user.email as string) })
        const body = { providerId, code, codeVerifier: verifier }
        expectStatus(await bring(service(), application, body), 201)
        const exchange = new URLSearchParams(fake.asked[0]?.body)
        expect(Object.fromEntries(exchange)).toMatchObject({
          grant_type: 'authorization_code',
          code,
          redirect_uri: 'https://app.example.com/back',
          code_verifier: verifier,
          client_id: CLIENT.clientId,
        })
        expectError(await bring(service(), application, body), 400, 7200)
        const other = { ...body, code: fake.code(user, { verifier }), redirectUri: 'https://other.example.com/' }
        fake.asked.length = 0
        expectStatus(await bring(service(), application, other), 200)
        expect(new URLSearchParams(fake.asked[0]?.body).get('redirect_uri')).toBe('https://other.example.com/')
      },
    )

    test('REST-H6 twitter: a token and its secret sign the question who it is', async () => {
      const { application } = await site(service(), 'twitter')
      const user = newUser('twitter')
      const body = { providerId: 'twitter', accessToken: fake.token(user), accessTokenSecret: TOKEN_SECRET }
      const { body: account } = expectStatus(await bring(service(), application, body), 201)
      expect(account).toMatchObject({ email: user.email, givenName: 'Ada', emailVerificationStatus: 'VERIFIED' })
      expectStatus(await bring(service(), application, body), 200)
      expectError(await bring(service(), application, { ...body, accessTokenSecret: 'another' }), 400, 7200)
      expectError(await bring(service(), application, { providerId: 'twitter', accessToken: 'x' }), 400, 2000)
      expectError(await bring(service(), application, { providerId: 'twitter', code: 'x' }), 400, 2017)
    })

    test('REST-H6 a provider of OpenID Connect takes a code, and an ID token with its nonce', async () => {
      const { application, directory } = await site(service(), 'oidc')
      const sub = unique('subject')
      const claims = { sub, email: `${sub}@example.com`, email_verified: true, given_name: 'Ada' }
      const user = {
        sub,
        email: `${sub}@example.com`,
        email_verified: true,
        given_name: 'Augusta',
        family_name: 'King',
      }
      const code = fake.code(user, { idToken: await fake.idToken({ ...claims, nonce: 'a-nonce' }) })
      const body = { providerId: 'oidc', code, nonce: 'a-nonce' }
      const { body: account } = expectStatus(await bring(service(), application, body), 201)
      expect(account).toMatchObject({ givenName: 'Augusta', surname: 'King', emailVerificationStatus: 'VERIFIED' })
      const idToken = await fake.idToken({ ...claims, nonce: 'another' })
      const again = await bring(service(), application, { providerId: 'oidc', idToken, nonce: 'another' })
      expect(expectStatus(again, 200).body).toMatchObject({ href: account.href, givenName: 'Ada' })
      expect((await service().read(directory.accounts.href)).size).toBe(1)
      expectError(await bring(service(), application, { providerId: 'oidc', idToken }), 400, 2000)
      expectError(await bring(service(), application, { providerId: 'oidc', accessToken: fake.token(user) }), 400, 2017)
    })

    test('REST-H6 the ID token of a Google button logs in too, as the same user', async () => {
      const { application } = await site(service(), 'google')
      const user = newUser('google')
      const idToken = await fake.idToken({ ...user, nonce: 'n' } as Record<string, unknown>, `${fake.url}/google`)
      const { body } = expectStatus(
        await bring(service(), application, { providerId: 'google', idToken, nonce: 'n' }),
        201,
      )
      const again = await bring(service(), application, { providerId: 'google', accessToken: fake.token(user) })
      expect(expectStatus(again, 200).body.href).toBe(body.href)
    })

    test('REST-H6 an issuer that signs with a new key is believed when it publishes it', async () => {
      const { application } = await site(service(), 'oidc')
      const claims = { sub: unique('subject'), email: 'key@example.com', nonce: 'n' }
      const log = async () =>
        bring(service(), application, { providerId: 'oidc', idToken: await fake.idToken(claims), nonce: 'n' })
      expectStatus(await log(), 201)
      await fake.rotate()
      service().clock.advance(30_001)
      fake.now = () => service().clock.now() / 1000
      expectStatus(await log(), 200)
    })

    test('REST-H2 tokens go where the provider wants them, and ids are found in depth, every digit of them', async () => {
      const more = {
        accessTokenType: 'oauth_token',
        idField: 'data.ids[0]',
        resourceEndpoint: `${fake.url}/own/by-query`,
      }
      const { application, directory } = await site(service(), 'own', more)
      for (const id of ['12345678901234567890', '12345678901234567891']) {
        const user = { email: `n${id}@example.com`, data: { ids: [raw(id)] } }
        expectStatus(await bring(service(), application, { providerId: 'own', accessToken: fake.token(user) }), 201)
        expectStatus(await bring(service(), application, { providerId: 'own', accessToken: fake.token(user) }), 200)
      }
      expect((await service().read(directory.accounts.href)).size).toBe(2)
    })

    test('REST-H7 the provider data of an account shows the tokens and the user', async () => {
      const { application } = await site(service(), 'google')
      const user = { ...newUser('google'), count: raw('1.00') }
      const code = fake.code(user)
      const { body: account } = expectStatus(await bring(service(), application, { providerId: 'google', code }), 201)
      const { text, body: data } = expectStatus(await service().get(account.providerData.href), 200)
      expect(data).toEqual({
        href: account.providerData.href,
        createdAt: account.createdAt,
        modifiedAt: account.createdAt,
        providerId: 'google',
        accessToken: expect.stringMatching(/^token-/),
        refreshToken: `refresh-${data.accessToken}`,
        userInfo: { ...user, count: 1 },
      })
      expect(text).toContain('"count":1.00')
      const token = fake.token(user)
      expectStatus(await bring(service(), application, { providerId: 'google', accessToken: token }), 200)
      const { providerData } = await service().read(`${account.href}?expand=providerData`)
      expect(providerData).toMatchObject({ accessToken: token, refreshToken: data.refreshToken })
      const stranger = await service().secondTenant()
      expectStatus(await stranger.get(account.providerData.href), 404)
    })

    test('REST-H8 a provider that refuses is 7200 and named, with its status and word and nothing else it says', async () => {
      const { application, directory } = await site(service(), 'own')
      const body = { providerId: 'own', accessToken: fake.token(newUser('own')) }
      const says = (text: string) => ({ developerMessage: expect.stringContaining(text) })
      expectError(
        await bring(service(), application, { ...body, accessToken: 'nothing' }),
        400,
        7200,
        says('401 (invalid_token)'),
      )
      for (const [how, text] of [
        ['error', '503 (190)'],
        ['redirect', '302'],
        ['text', 'no JSON'],
        ['flood', 'too long'],
      ] as const) {
        fake.misbehaviour = how
        const answer = expectError(await bring(service(), application, body), 400, 7200, says(text))
        expect(answer.body.developerMessage).toContain("'own'")
        expect(answer.text).not.toContain('inner secret')
        expect(answer.text).not.toContain(body.accessToken)
      }
      expect((await service().read(directory.accounts.href)).size).toBe(0)
    })

    test('REST-H8 a user without an id is 7200, one without an address that an account can have 7201', async () => {
      const { application, directory } = await site(service(), 'own')
      const tried = (user: FakeUser) =>
        bring(service(), application, { providerId: 'own', accessToken: fake.token(user) })
      for (const id of [undefined, null, '', {}, true, 'x'.repeat(256)])
        expectError(await tried({ id, email: 'a@example.com' }), 400, 7200)
      for (const email of [undefined, null, '', 'no address', 7, `${'x'.repeat(255)}@example.com`])
        expectError(await tried({ id: unique('id'), email }), 400, 7201)
      expect((await service().read(directory.accounts.href)).size).toBe(0)
    })

    test('REST-H9 a LinkedIn code without any redirect URI is 6203', async () => {
      const { application } = await site(service(), 'linkedin')
      const code = fake.code(newUser('linkedin'))
      expectError(await bring(service(), application, { providerId: 'linkedin', code }), 400, 6203)
      const redirectUri = 'https://app.example.com/'
      expectStatus(await bring(service(), application, { providerId: 'linkedin', code, redirectUri }), 201)
    })

    test('REST-H11 of a mirrored account status and custom data can be changed, and nothing else', async () => {
      const { application } = await site(service(), 'google')
      const token = fake.token(newUser('google'))
      const { body: account } = await bring(service(), application, { providerId: 'google', accessToken: token })
      for (const [name, value] of Object.entries({
        givenName: 'Other',
        surname: null,
        email: 'other@example.com',
        username: 'other',
        password: PASSWORD,
        emailVerificationStatus: 'UNVERIFIED',
      }))
        expectError(await service().post(account.href, { [name]: value }), 400, 7202)
      expect(await service().read(account.href)).toEqual(account)
      await service().update(account.href, { ...account, status: 'DISABLED', customData: { a: 1 } })
      expect(await service().read(account.customData.href)).toMatchObject({ a: 1 })
      expectError(await bring(service(), application, { providerId: 'google', accessToken: token }), 400, 7101)
      await service().update(account.href, { status: 'ENABLED' })
      expectStatus(await bring(service(), application, { providerId: 'google', accessToken: token }), 200)
    })

    test('REST-H11 an address counts as verified when the provider says so', async () => {
      const status = async (providerId: string, user: FakeUser, emails?: unknown) => {
        const { application } = await site(service(), providerId)
        const accessToken = fake.token(user, { emails })
        const { body } = expectStatus(await bring(service(), application, { providerId, accessToken }), 201)
        return `${body.status} ${body.emailVerificationStatus}`
      }
      expect(await status('google', newUser('google'))).toBe('ENABLED VERIFIED')
      for (const email_verified of [false, 'false', undefined, null, 1])
        expect(await status('google', { ...newUser('google'), email_verified })).toBe('ENABLED UNVERIFIED')
      expect(await status('facebook', newUser('facebook'))).toBe('ENABLED UNVERIFIED')
      const github = newUser('github')
      expect(await status('github', github)).toBe('ENABLED UNVERIFIED')
      const emails = [{ email: github.email, verified: false, primary: true }]
      expect(await status('github', github, emails)).toBe('ENABLED UNVERIFIED')
      expect(await status('github', newUser('github'), [{ ...emails[0], verified: true }])).toBe('ENABLED VERIFIED')
      expect(await status('own', { ...newUser('own'), email_verified: 'true' })).toBe('ENABLED VERIFIED')
    })

    test('REST-H5 REST-H11 what changes at the provider changes in the account, by the mapping rules', async () => {
      const items = [
        { name: 'locale', accountAttributes: ['customData.language', 'middleName'] },
        { name: 'team.ids[0]', accountAttributes: ['customData.team'] },
        { name: 'absent', accountAttributes: ['surname'] },
      ]
      const { application } = await site(service(), 'google', { userInfoMappingRules: { items } })
      const user = { ...newUser('google'), team: { ids: [raw('1.50')] } }
      const log = (changed: FakeUser) =>
        bring(service(), application, { providerId: 'google', accessToken: fake.token({ ...user, ...changed }) })
      const { body: account } = expectStatus(await log({}), 201)
      expect(account).toMatchObject({ middleName: 'en', surname: 'Lovelace' })
      await service().update(account.customData.href, { own: true })
      const email = `${unique('moved')}@example.com`
      const { body: after } = expectStatus(
        await log({ email, email_verified: false, given_name: 'Augusta', locale: 'de' }),
        200,
      )
      expect(after).toMatchObject({
        href: account.href,
        email,
        username: email,
        emailVerificationStatus: 'UNVERIFIED',
        givenName: 'Augusta',
        middleName: 'de',
      })
      const { text } = await service().get(account.customData.href)
      expect(JSON.parse(text)).toMatchObject({ own: true, language: 'de', team: 1.5 })
      expect(text).toContain('"team":1.50')
    })

    test('REST-H5 an address that a rule takes from elsewhere is not the one the provider verified', async () => {
      const items = [{ name: 'other', accountAttributes: ['email'] }]
      const { application } = await site(service(), 'google', { userInfoMappingRules: { items } })
      const user = { ...newUser('google'), other: `${unique('claimed')}@example.com` }
      const answer = await bring(service(), application, { providerId: 'google', accessToken: fake.token(user) })
      expect(expectStatus(answer, 201).body).toMatchObject({ email: user.other, emailVerificationStatus: 'UNVERIFIED' })
    })

    test('REST-G5 the domains of the directory hold for its provider too', async () => {
      const { application, directory } = await site(service(), 'google')
      await service().update(directory.accountCreationPolicy.href, { emailDomainWhitelist: ['inside.example'] })
      const user = newUser('google', `${unique('out')}@outside.example`)
      const log = (changed: FakeUser) =>
        bring(service(), application, { providerId: 'google', accessToken: fake.token({ ...user, ...changed }) })
      expectError(await log({}), 400, 7206)
      expectStatus(await log({ email: `${unique('in')}@inside.example` }), 201)
      expectError(await log({}), 400, 7206)
    })

    test('REST-H6 a directory that is not mapped is 5201, one that is disabled lets nobody in', async () => {
      const { application, directory } = await site(service(), 'google')
      const body = { providerId: 'google', accessToken: fake.token(newUser('google')) }
      expectError(await bring(service(), application, { ...body, providerId: 'facebook' }), 400, 5201)
      expectError(await bring(service(), await service().newApplication(), body), 400, 5201)
      await service().update(directory.href, { status: 'DISABLED' })
      expectError(await bring(service(), application, body), 400, 7106)
      await service().update(directory.href, { status: 'ENABLED' })
      await service().update(application.href, { status: 'DISABLED' })
      expectError(await bring(service(), application, body), 400, 400)
      expect(fake.asked).toEqual([])
    })

    test('REST-H6 an organization may be named, beside the provider data or in it', async () => {
      const { application, directory } = await site(service(), 'google')
      const organization = await service().newOrganization()
      await service().newOrganizationMapping(organization, directory)
      const body = { providerId: 'google', accessToken: fake.token(newUser('google')) }
      const accountStore = { nameKey: organization.nameKey }
      expectError(await bring(service(), application, body, { accountStore }), 400, 5114)
      await service().newMapping(application, organization)
      expectStatus(await bring(service(), application, body, { accountStore }), 201)
      expectStatus(await bring(service(), application, { ...body, accountStore: link(organization) }), 200)
      expectStatus(await bring(service(), application, { ...body, accountStore: link(directory) }), 200)
      await service().update(organization.href, { status: 'DISABLED' })
      expectError(await bring(service(), application, body, { accountStore }), 400, 7107)
    })

    test('REST-H6 the account is expanded on request, and a body that says too little is refused', async () => {
      const { application } = await site(service(), 'google')
      const body = { providerId: 'google', accessToken: fake.token(newUser('google')) }
      const { body: account } = expectStatus(await bring(service(), application, body, {}, '?expand=directory'), 201)
      expect(account.directory.provider.href).toBe(`${account.directory.href}/provider`)
      for (const wrong of [{}, { providerId: 'google' }, { accessToken: 'x' }, { ...body, code: 'y' }])
        expectError(await bring(service(), application, wrong), 400, 2000)
      expectError(await bring(service(), application, { ...body, unheardOf: 1 }), 400, 2015)
      expectError(await bring(service(), application, { ...body, accessToken: 7 }), 400, 2004)
    })

    test('TRAP-T3 REST-H6 a link to provider data in the body of a creation brings nobody', async () => {
      const { application } = await service().newApplicationWithDirectory()
      const values = { email: `${unique('plain')}@example.com`, password: PASSWORD, givenName: 'A', surname: 'B' }
      const account = await service().create(application.accounts.href, { ...values, providerData: { href: 'x' } })
      expect(account.email).toBe(values.email)
    })

    test('REST-L1 REST-M11 a mirrored account has no password: neither to log in with nor to forget', async () => {
      const { application } = await site(service(), 'google')
      const user = newUser('google')
      const token = fake.token(user)
      expectStatus(await bring(service(), application, { providerId: 'google', accessToken: token }), 201)
      expectError(await service().login(application, user.email as string, PASSWORD), 400, 7104)
      expectError(await service().login(application, user.email as string, '!mirrored'), 400, 7104)
      expectError(await service().post(application.passwordResetTokens.href, { email: user.email }), 400, 2016)
      const cloud = await service().newDirectory()
      await service().newMapping(application, cloud)
      await service().newAccount(cloud, { email: user.email, username: user.email })
      expectStatus(await service().login(application, user.email as string, PASSWORD), 200)
    })

    test('REST-K13 an account that is deleted is new at the next log-in', async () => {
      const { application } = await site(service(), 'google')
      const body = { providerId: 'google', accessToken: fake.token(newUser('google')) }
      const { body: account } = expectStatus(await bring(service(), application, body), 201)
      await service().remove(account.href)
      const { body: second } = expectStatus(await bring(service(), application, body), 201)
      expect(second.href).not.toBe(account.href)
    })

    test('REST-H6 64 first log-ins of one user at once make one account', async () => {
      const { application, directory } = await site(service(), 'google')
      await service().update(directory.accountCreationPolicy.href, { emailDomainBlacklist: ['never.example'] })
      const body = { providerId: 'google', accessToken: fake.token(newUser('google')) }
      // What a busy database turns away comes again, as it is told to.
      const insist = async (): Promise<Answer> => {
        const answer = await bring(service(), application, body)
        if (answer.status !== 503) return answer
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
        await pause(20)
        return insist()
      }
      const answers = await Promise.all(Array.from({ length: 64 }, insist))
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
      for (const { status } of answers) expect([200, 201]).toContain(status)
      expect(new Set(answers.map(({ body }) => body.href)).size).toBe(1)
      expect((await service().read(directory.accounts.href)).size).toBe(1)
    })

    describe('for tokens', () => {
      const grant = (application: Json, form: Record<string, string>) =>
        service().token(application, { grant_type: 'stormpath_social', ...form })

      test('REST-P7 the social grant takes an access token or a code, and makes the account', async () => {
        const { application, directory } = await site(service(), 'google')
        const user = newUser('google')
        const { body } = expectStatus(
          await grant(application, { providerId: 'google', accessToken: fake.token(user) }),
          200,
        )
        expect(body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
        const { account } = await service().read(body.stormpath_access_token_href)
        const byCode = await grant(application, { providerId: 'google', code: fake.code(user) })
        const second = await service().read(expectStatus(byCode, 200).body.stormpath_access_token_href)
        expect(second.account).toEqual(account)
        expect(hrefs(await service().read(directory.accounts.href))).toEqual([account.href])
        expect((await service().read(account.href)).email).toBe(user.email)
        expect((await service().read(`${account.href}/sessions`)).size).toBe(2)
      })

      test('REST-P7 its refusals: 5201 without such a directory, 7200 from the provider, in the words of OAuth', async () => {
        const { application } = await site(service(), 'google')
        const form = { providerId: 'google', accessToken: 'nothing' }
        expect(expectError(await grant(application, { ...form, providerId: 'github' }), 400, 5201).body.error).toBe(
          'invalid_request',
        )
        expect(expectError(await grant(application, form), 400, 7200).body.error).toBe('invalid_grant')
        expectError(await grant(application, { accessToken: 'x' }), 400, 2000)
        expectError(await grant(application, { providerId: 'google' }), 400, 2000)
      })
    })
  },
  { made: { providers: { url: fake.url } } },
)

/** A number as it is written. */
const raw = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)
const hrefs = ({ items }: Json) => items.map(({ href }: Json) => href)
