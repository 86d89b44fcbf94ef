import { createHmac } from 'node:crypto'
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll } from 'vitest'
import { CLIENT, type FakeUser, providerBody, startFakeProvider, TOKEN_SECRET } from '../support/fake-provider.ts'
import { type Attack, type Body, describeAttacks, idOf, type Json, PASSWORD, type Target, unique } from './attack.ts'

const fake = await startFakeProvider()
afterAll(() => fake.close())

const made = { providers: { url: fake.url, allowPrivateServers: true } }
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function site(target: Target, providerId: string, more: Body = {}) {
  fake.now = () => target.clock.now() / 1000
  fake.misbehaviour = undefined
  fake.asked.length = 0
  const application = await target.newApplication()
  const directory = await target.newDirectory({ provider: providerBody(fake, providerId, more) })
  await target.newMapping(application, directory)
  return { application: await target.read(application.href), directory }
}

const bring = (client: Pick<Target, 'post'>, application: Json, providerData: Body, more: Body = {}) =>
  client.post(application.accounts.href, { providerData, ...more })

const newUser = (values: FakeUser = {}): FakeUser => {
  const sub = unique('subject')
  return { sub, id: sub, email: `${sub}@example.com`, email_verified: true, ...values }
}

/** An attack with an ID token that is wrong in one way. */
function forgery(
  title: string,
  guard: string,
  edit: { find: string; replace: string },
  forge: (claims: Record<string, unknown>) => Promise<string>,
): Attack {
  return {
    id: 'ATTACK-B9',
    title,
    guard,
    made,
    edits: [{ file: 'providers/id-token.ts', ...edit }],
    async run(target) {
      const { application } = await site(target, 'oidc')
      const victim = newUser({ nonce: 'n' })
      const good = await bring(target, application, {
        providerId: 'oidc',
        idToken: await fake.idToken(victim),
        nonce: 'n',
      })
      if (good.status !== 201) return `a good token is answered ${good.status}, so nothing is proved: ${good.text}`
      const idToken = await forge(victim)
      const { status } = await bring(target, application, { providerId: 'oidc', idToken, nonce: 'n' })
      return status === 200 || status === 201 ? 'it logged in' : undefined
    },
  }
}

const without = (line: string) => ({ find: `  ${line}\n`, replace: '' })
const timesOf = () => ({ iat: Math.floor(fake.now()), exp: Math.floor(fake.now()) + 300 })

describeAttacks('Identity providers', [
  {
    id: 'ATTACK-E2',
    title: 'claiming an address that the provider did not verify',
    guard: 'taking the verdict of the provider',
    made,
    edits: [
      {
        file: 'core/providers/mirror-account.ts',
        find: 'const isVerified = identity.isEmailVerified && ',
        replace: 'const isVerified = ',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application } = await site(target, 'google')
      for (const email_verified of [false, 'false', 'no', undefined, null, 0, 1, []]) {
        const accessToken = fake.token(newUser({ email_verified }))
        const { body } = await bring(target, application, { providerId: 'google', accessToken })
        if (body.emailVerificationStatus !== 'UNVERIFIED') return `${email_verified} made it verified`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-E1 ATTACK-E3 GOAL-J12',
    title: 'coming as another user of the provider with the address of somebody who has an account',
    guard: 'finding accounts by the id of the user alone',
    made,
    edits: [
      {
        file: 'core/providers/mirror-account.ts',
        find: "const data = await tx.find('providerData', context.tenant, ['subject'], key)",
        replace:
          "const known = await tx.find('account', context.tenant, ['email'], [provider.id, identity.attributes.email ?? ''])\n  const data = known ? await tx.get('providerData', context.tenant, known.id) : await tx.find('providerData', context.tenant, ['subject'], key)",
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory } = await site(target, 'google')
      const victim = newUser()
      const cloud = await target.newDirectory()
      await target.newMapping(application, cloud, { isDefaultAccountStore: true, listIndex: 0 })
      const local = await target.newAccount(cloud, { email: victim.email, username: victim.email })
      const log = (user: FakeUser) =>
        bring(target, application, { providerId: 'google', accessToken: fake.token(user) })
      const { body } = await log(victim)
      if (body.href === local.href) return 'the account of another directory was taken over'
      for (const sub of ['another', 'ANOTHER', `${victim.sub} `, String(victim.sub).toUpperCase()]) {
        const { status, body: found } = await log({ ...victim, sub })
        if (found.href === body.href) return `the user ${sub} came into the account of ${victim.sub}`
        if (status < 300) return `a second account has the address: ${status}`
      }
      return (await target.read(directory.accounts.href)).size === 1 ? undefined : 'there is more than one account'
    },
  },
  {
    id: 'ATTACK-B2',
    title: 'bringing an access token that the user gave to another application',
    guard: 'asking to whom a token was given',
    made,
    edits: [
      {
        file: 'providers/oauth2.ts',
        find: "if (isOwn && !(await isOwn(call, accessToken))) fail('the access token was given to another client')",
        replace: '',
      },
    ],
    async run(target) {
      for (const providerId of ['google', 'facebook', 'github', 'linkedin', 'twitter']) {
        const { application } = await site(target, providerId)
        const user = newUser({ id: 77, id_str: '77' })
        const accessToken = fake.token(user, { client: 'a-game' })
        const more = providerId === 'twitter' ? { accessTokenSecret: TOKEN_SECRET } : {}
        const { status } = await bring(target, application, { providerId, accessToken, ...more })
        if (status < 300) return `${providerId}: it logged in`
      }
      return undefined
    },
  },
  forgery(
    'sending an ID token that names no algorithm',
    'verifying signatures',
    {
      find: 'if (key && isSignedBy(parsed, key)) return true',
      replace: "if (alg === 'none' || (key && isSignedBy(parsed, key))) return true",
    },
    async (claims) =>
      `${encode({ alg: 'none', kid: 'key-1' })}.${encode({ iss: `${fake.url}/oidc`, aud: CLIENT.clientId, ...timesOf(), ...claims })}.${encode({})}`,
  ),
  forgery(
    'signing an ID token with a key of one’s own, under the name of the right one',
    'verifying signatures',
    { find: 'if (key && isSignedBy(parsed, key)) return true', replace: 'if (key) return true' },
    async (claims) => {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
      const jwk = { n: (await exportSPKI(publicKey)).slice(30, 60) }
      return new SignJWT({ iss: `${fake.url}/oidc`, aud: CLIENT.clientId, ...timesOf(), ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1', jwk })
        .sign(privateKey)
    },
  ),
  {
    ...forgery(
      'signing an ID token with the published key as if it were a secret',
      'verifying with asymmetric keys only',
      { find: '', replace: '' },
      async (claims) => {
        const jwk = fake.publishedKeys()[0] ?? {}
        const spki = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey)
        const signed = `${encode({ alg: 'HS256', kid: jwk.kid })}.${encode({ iss: `${fake.url}/oidc`, aud: CLIENT.clientId, ...timesOf(), ...claims })}`
        return `${signed}.${createHmac('sha256', spki).update(signed).digest('base64url')}`
      },
    ),
    id: 'ATTACK-B5',
    edits: [
      {
        file: 'crypto/jws/jwk.ts',
        find: '  const algorithm = Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined\n',
        replace:
          "  if (alg === 'HS256') return hmacKey('', String(createPublicKey({ key: jwk as object, format: 'jwk' }).export({ type: 'spki', format: 'pem' })).trim())\n  const algorithm = Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined\n",
      },
      {
        file: 'crypto/jws/jwk.ts',
        find: "import type { VerifyingKey } from './algorithms.ts'",
        replace: "import { hmacKey, type VerifyingKey } from './algorithms.ts'",
      },
    ],
  },
  forgery(
    'bringing an ID token that was made for another client',
    'holding the audience against the client',
    without("if (!audience.includes(settings.clientId)) fail('the ID token is for another client')"),
    (claims) => fake.idToken({ ...claims, aud: 'a-game' }),
  ),
  forgery(
    'bringing an ID token for several audiences that another client asked for',
    'looking at the authorized party',
    without("if (party !== settings.clientId) fail('another client asked for the ID token')"),
    (claims) => fake.idToken({ ...claims, aud: ['a-game', CLIENT.clientId], azp: 'a-game' }),
  ),
  forgery(
    'bringing an ID token of another issuer',
    'holding the issuer against the discovery document',
    without("if (iss !== issuer) fail('the ID token is of another issuer')"),
    ({ email: _, ...claims }) =>
      fake.idToken({ ...claims, email: `${unique('evil')}@example.com` }, `${fake.url}/evil`),
  ),
  forgery(
    'bringing an ID token that has expired',
    'looking at its end',
    without("if (exp <= seconds) fail('the ID token has expired')"),
    (claims) => fake.idToken({ ...claims, iat: Math.floor(fake.now()) - 400, exp: Math.floor(fake.now()) - 100 }),
  ),
  forgery(
    'bringing an ID token that never ends',
    'asking for its times',
    without("if (typeof exp !== 'number' || typeof iat !== 'number') fail('the ID token has no times')"),
    (claims) => fake.idToken({ ...claims, exp: undefined as never }),
  ),
  forgery(
    'replaying an ID token of another session',
    'holding the nonce against the one given',
    without("if (nonce !== credentials.nonce) fail('the nonce of the ID token is not the one given')"),
    (claims) => fake.idToken({ ...claims, nonce: 'of another session' }),
  ),
  {
    id: 'ATTACK-B1',
    title: 'answering for another issuer in a discovery document',
    guard: 'holding the issuer against the address of its document',
    made,
    edits: [
      {
        file: 'providers/discovery.ts',
        find: "if (issuer === undefined || `${issuer.replace(/\\/$/, '')}${WELL_KNOWN}` !== url) {",
        replace: 'if (issuer === undefined) {',
      },
    ],
    async run(target) {
      const { application } = await site(target, 'oidc', {
        discoveryUrl: `${fake.url}/oidc/.well-known/openid-configuration`,
      })
      fake.discovery = { issuer: 'https://accounts.example.com' }
      try {
        const idToken = await fake.idToken(newUser({ nonce: 'n' }), 'https://accounts.example.com')
        const { status } = await bring(target, application, { providerId: 'oidc', idToken, nonce: 'n' })
        return status < 300 ? 'it spoke for another issuer' : undefined
      } finally {
        fake.discovery = {}
      }
    },
  },
  {
    id: 'ATTACK-E14',
    title: 'telling another user at the user endpoint than the ID token names',
    guard: 'holding the two against each other',
    made,
    edits: [
      {
        file: 'providers/oidc.ts',
        find: "return user.sub === sub ? user : fail('it told another user than the ID token names')",
        replace: "return user.email ? { ...user, sub } : fail('it told another user than the ID token names')",
      },
    ],
    async run(target) {
      const { application } = await site(target, 'oidc')
      const idToken = await fake.idToken({ sub: unique('attacker') })
      const code = fake.code(newUser({ email: 'victim@example.com' }), { idToken })
      const { status } = await bring(target, application, { providerId: 'oidc', code })
      return status < 300 ? 'the address of another was taken' : undefined
    },
  },
  {
    id: 'ATTACK-K1',
    title: 'naming endpoints that only the machine of the service reaches',
    guard: 'refusing inner addresses',
    made: { providers: { allowPrivateServers: false } },
    edits: [
      {
        file: 'std/reachable.ts',
        find: 'find((each) => allowInside || !isInside(each))',
        replace: 'at(0)',
      },
    ],
    async run(target) {
      const { port } = new URL(fake.url)
      const hosts = ['127.0.0.1', 'localhost', '0.0.0.0', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '[::]']
      for (const host of hosts) {
        const at = `http://${host}:${port}`
        const own = {
          authorizationEndpoint: `${at}/`,
          tokenEndpoint: `${at}/own/token`,
          resourceEndpoint: `${at}/own/user`,
        }
        const kinds = [
          { body: own, credentials: { accessToken: fake.token(newUser()) } },
          { body: own, credentials: { code: 'x' } },
          { body: { discoveryUrl: `${at}/oidc/.well-known/openid-configuration` }, credentials: { code: 'x' } },
        ]
        for (const { body, credentials } of kinds) {
          const { application } = await site(target, 'inner', body)
          const { status, text } = await bring(target, application, { providerId: 'inner', ...credentials })
          if (fake.asked.length > 0) return `${host} was asked for ${fake.asked[0]?.path}`
          if (status !== 400) return `${host}: ${status} ${text}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-K2',
    title: 'leading the service on by a redirection',
    guard: 'following none',
    made,
    edits: [
      {
        file: 'providers/exchange.ts',
        find: 'const response = await send(url, host, address, ask, signal)\n',
        replace:
          'let response = await send(url, host, address, ask, signal)\n      if (response.headers.location) response = await send(new URL(response.headers.location, url), host, address, ask, signal)\n',
      },
    ],
    async run(target) {
      const { application } = await site(target, 'own')
      fake.misbehaviour = 'redirect'
      await bring(target, application, { providerId: 'own', accessToken: fake.token(newUser()) })
      return fake.asked.length > 1 ? `it went on to ${fake.asked[1]?.path}` : undefined
    },
  },
  {
    id: 'ATTACK-K4',
    title: 'answering with more than a user can be',
    guard: 'the size of an answer',
    made,
    edits: [
      { file: 'providers/exchange.ts', find: "if (size > MOST_BYTES) fail('its answer is too long')", replace: '' },
    ],
    async run(target) {
      const { application } = await site(target, 'own')
      fake.misbehaviour = 'flood'
      const { status } = await bring(target, application, { providerId: 'own', accessToken: 'x' })
      return status < 300 ? 'all of it was read and kept' : undefined
    },
  },
  {
    id: 'ATTACK-K4',
    title: 'answering without end',
    guard: 'the time of an answer',
    made,
    probe: [{ file: 'providers/exchange.ts', find: 'timeout = 10_000', replace: 'timeout = 500' }],
    edits: [
      { file: 'providers/exchange.ts', find: 'AbortSignal.timeout(timeout)', replace: 'new AbortController().signal' },
    ],
    async run(target) {
      for (const how of ['drip', 'silence'] as const) {
        const { application } = await site(target, 'own')
        fake.misbehaviour = how
        const answer = bring(target, application, { providerId: 'own', accessToken: 'x' })
        const late = new Promise<'late'>((resolve) => setTimeout(resolve, 20_000, 'late').unref())
        const first = await Promise.race([answer.catch(() => 'late' as const), late])
        if (first === 'late') return `a provider that answers with ${how} is waited for`
        if (first.status !== 400) return `${how}: ${first.status}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-K6',
    title: 'reading what an inner server says out of an error',
    guard: 'telling only a name of the error',
    made,
    edits: [
      {
        file: 'providers/exchange.ts',
        find: "  return /^[\\w.-]{1,64}$/.test(String(name)) && name !== undefined && name !== null ? ` (${name})` : ''",
        replace: '  return ` (${name} ${JSON.stringify(body)})`',
      },
    ],
    async run(target) {
      const { application } = await site(target, 'own')
      for (const how of ['error', 'text'] as const) {
        fake.misbehaviour = how
        const { text } = await bring(target, application, { providerId: 'own', accessToken: 'x' })
        if (text.includes('an inner secret')) return text
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-N10 GOAL-M1',
    title: 'looking for tokens, codes and addresses in the log',
    guard: 'telling a request by the template of its path',
    made: { ...made, logLevel: 'debug' },
    edits: [
      {
        file: 'server/observe.ts',
        find: "const route = response?.about?.route ?? 'other'",
        replace: "const route = [request.path, request.query].join('?')",
      },
    ],
    async run(target) {
      const { application } = await site(target, 'google')
      const user = newUser()
      const [code, accessToken] = [fake.code(user), fake.token(user)]
      await bring(target, application, { providerId: 'google', code })
      await bring(target, application, { providerId: 'google', code })
      const query = new URLSearchParams({ grant_type: 'stormpath_social', providerId: 'google', accessToken })
      const { status } = await target.post(`${application.href}/oauth/token?${query}`)
      if (status !== 200) return `the grant is answered ${status}, so nothing is proved`
      fake.misbehaviour = 'error'
      await bring(target, application, { providerId: 'google', accessToken })
      const log = JSON.stringify(target.log)
      if (target.log.length < 4) return 'nothing was logged, so nothing is proved'
      for (const secret of [code, accessToken, `refresh-${accessToken}`, CLIENT.clientSecret, String(user.email)]) {
        if (log.includes(secret)) return `the log holds ${secret}`
      }
      return undefined
    },
  },
  {
    id: 'GOAL-M5',
    title: 'reading tokens and client secrets in the database',
    guard: 'sealing them',
    made,
    edits: [
      {
        file: 'core/providers/provider-tokens.ts',
        find: 'seal.seal(token, place(tenant, account, name))',
        replace: 'place(tenant, account, name) && seal && token',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory } = await site(target, 'google')
      const code = fake.code(newUser())
      const { body } = await bring(target, application, { providerId: 'google', code })
      const { store } = target.app.engine.services
      const tenant = idOf(await target.read(directory.tenant.href))
      const rows = [
        await store.get('providerData', tenant, idOf(body)),
        await store.get('provider', tenant, idOf(directory)),
      ]
      if (rows.some((row) => !row)) return 'there are no rows, so nothing is proved'
      const text = JSON.stringify(rows)
      for (const secret of [CLIENT.clientSecret, 'token-', 'of-a-user'])
        if (text.includes(secret)) return `${secret} is there`
      return undefined
    },
  },
  {
    id: 'GOAL-K5 ATTACK-F11',
    title: 'reading the secret of a client with an API key',
    guard: 'writing it and never reading it',
    made,
    edits: [{ file: 'core/presets.ts', find: 'showsClientSecrets: false', replace: 'showsClientSecrets: true' }],
    async run(target) {
      const { directory } = await site(target, 'google')
      const told = [
        await target.get(directory.provider.href),
        await target.get(`${directory.href}?expand=provider`),
        await target.post(directory.provider.href, { clientId: 'x' }),
        await target.post('/directories?expand=provider', {
          name: unique('D'),
          provider: providerBody(fake, 'github'),
        }),
      ]
      return told.some(({ text }) => text.includes(CLIENT.clientSecret)) ? 'it is shown' : undefined
    },
  },
  {
    id: 'ATTACK-F9 GOAL-K1',
    title: 'logging in at an application, and through a directory, of another tenant',
    guard: 'looking for both in the tenant of the key',
    made,
    edits: [
      {
        file: 'rest/actions/provider-log-in.ts',
        find: 'await call.engine.logInWithProvider(call.context, {',
        replace:
          'await call.engine.logInWithProvider({ ...call.context, tenant: (await call.engine.services.store.tenantOfApplication(idOf(call))) ?? call.context.tenant }, {',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory } = await site(target, 'google')
      const stranger = await target.stranger()
      const body = { providerId: 'google', accessToken: fake.token(newUser()) }
      const { status } = await bring(stranger, application, body)
      if (status !== 404) return `a stranger is answered ${status}`
      const own = await stranger.read((await stranger.newApplication()).href)
      const accountStore = { href: directory.href }
      for (const more of [{}, { accountStore }]) {
        const answer = await bring(stranger, own, body, more)
        if (answer.status !== 400) return `a foreign directory answers ${answer.status}`
      }
      return (await target.read(directory.accounts.href)).size === 0 ? undefined : 'an account was made'
    },
  },
  {
    id: 'ATTACK-E5 ATTACK-E7',
    title: 'making a mirrored account one’s own by changing it',
    guard: 'leaving what is mirrored to the provider',
    made,
    edits: [{ file: 'core/accounts.ts', find: '    requireOwn(before, values)\n', replace: '' }],
    async run(target) {
      const { application } = await site(target, 'google')
      const { body } = await bring(target, application, { providerId: 'google', accessToken: fake.token(newUser()) })
      const changes = {
        password: PASSWORD,
        email: 'mine@example.com',
        emailVerificationStatus: 'UNVERIFIED',
        username: 'x',
      }
      for (const [name, value] of Object.entries(changes)) {
        const { status } = await target.post(body.href, { [name]: value })
        if (status !== 400) return `${name} was changed: ${status}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-E12',
    title: 'naming a provider that is not set up',
    guard: 'asking the provider of the directory and no other',
    made,
    edits: [
      {
        file: 'core/providers/log-in.ts',
        find: 'provider.providerId.toLowerCase() !== providerId.toLowerCase()',
        replace: 'false',
      },
    ],
    async run(target) {
      const { application } = await site(target, 'google')
      const accessToken = fake.token(newUser())
      for (const providerId of ['facebook', 'saml', 'ldap', 'googl', 'google2', '*', '__proto__']) {
        const { status } = await bring(target, application, { providerId, accessToken })
        if (status < 300) return `${providerId} logged in`
      }
      return undefined
    },
  },
])
