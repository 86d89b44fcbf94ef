import { createHmac } from 'node:crypto'
import { describeAttacks, type Json, type KeyPair, PASSWORD, type Target } from './attack.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsOf = (jwt: string): Json => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())

/** A token with these claims, HS256 under any secret. */
function mint(header: object, claims: object, secret: string): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

async function logIn(target: Target) {
  const { application, directory } = await target.newApplicationWithDirectory()
  await target.update(application.oAuthPolicy.href, { passwordGrant: 'ENABLED', refreshTokenRotation: 'ENABLED' })
  const account = await target.newAccount(directory)
  return { application, directory, account, granted: await target.grantByPassword(application, account.username) }
}

const refresh = (target: Target, application: Json, refresh_token: string) =>
  target.token(application, { grant_type: 'refresh_token', refresh_token })

async function isActive(target: Target, application: Json, token: string): Promise<boolean> {
  return (await target.token(application, { token }, 'introspect')).body.active
}

/** Wherever a token is taken; tells where it was. */
async function taken(target: Target, application: Json, token: string): Promise<string | undefined> {
  if (await isActive(target, application, token)) return 'introspection calls it active'
  const { status } = await target.get(`${application.href}/authTokens/${token}`)
  if (status === 302) return 'it leads to a token'
  return (await refresh(target, application, token)).status === 200 ? 'it was renewed' : undefined
}

const ticketOf = async (target: Target, application: Json, account: Json): Promise<string> =>
  (await target.login(application, account.email, PASSWORD, {}, '?loginTicket=true')).body.loginTicket

const redeem = (target: Pick<Target, 'token'>, application: Json, ticket: string) =>
  target.token(application, { grant_type: 'urn:latchkey:grant:login-ticket', ticket })

/** Another administrator of the same tenant. */
async function colleague(target: Target): Promise<KeyPair> {
  const { items } = await target.read('/directories?name=Stormpath%20Administrators')
  return target.newApiKey(await target.newAccount(items[0]))
}

describeAttacks('Tokens', [
  {
    id: 'ATTACK-B4',
    title: 'sending tokens that name no algorithm',
    guard: 'taking the algorithm from the key',
    edits: [
      {
        file: 'crypto/jws/compact.ts',
        find: 'return header.alg === key.alg && key.verifies(signed, signature)',
        replace: "return String(header.alg).toLowerCase() === 'none' || key.verifies(signed, signature)",
      },
    ],
    async run(target) {
      const { application, granted } = await logIn(target)
      for (const token of [granted.access_token, granted.refresh_token]) {
        const [header = '', claims = ''] = token.split('.')
        const { kid, stt } = JSON.parse(Buffer.from(header, 'base64url').toString())
        for (const alg of ['none', 'None', 'NONE']) {
          const found = await taken(target, application, `${encode({ kid, stt, alg })}.${claims}.${encode({})}`)
          if (found) return `alg ${alg}: ${found}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-B5',
    title: 'signing with the public key as if it were a secret',
    guard: 'verifying with an asymmetric key only',
    edits: [
      {
        file: 'core/tokens/token-keys.ts',
        find: 'verifier: signingKeys.verifier(own)',
        replace: 'verifier: hmacKey(own.id, own.publicKey)',
      },
    ],
    async run(target) {
      const { application, granted } = await logIn(target)
      const { body } = await target.get(`${application.href}/oauth/jwks`, { auth: null })
      const [{ kid, x }] = body.keys
      const token = mint({ kid, stt: 'access', alg: 'HS256' }, claimsOf(granted.access_token), x)
      return taken(target, application, token)
    },
  },
  {
    id: 'ATTACK-R4 ATTACK-B9',
    title: "signing an application's token with the API key of an ordinary account",
    guard: 'taking the keys of administrators alone',
    edits: [
      {
        file: 'core/tokens/token-keys.ts',
        find: 'standing?.administrator && standing.key.tenant === tenant',
        replace: 'standing && standing.key.tenant === tenant',
      },
      {
        file: 'core/tokens/verify.ts',
        find: '    found.signingKey === key.signingKey\n',
        replace: '    found.id !== key.signingKey\n',
      },
    ],
    async run(target) {
      const { application, account, granted } = await logIn(target)
      const own = await target.newApiKey(account)
      const header = { kid: own.id, stt: 'access', alg: 'HS256' }
      return taken(target, application, mint(header, claimsOf(granted.access_token), own.secret))
    },
  },
  {
    id: 'ATTACK-A3',
    title: 'using a refresh token again that was renewed a while ago',
    guard: 'the twenty seconds',
    edits: [
      {
        file: 'core/tokens/refresh-grant.ts',
        find: 'if (successor && now - renewed.at < SAME_SUCCESSOR_FOR) return successor',
        replace: 'if (successor) return successor',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, granted } = await logIn(target)
      const renewed = await refresh(target, application, granted.refresh_token)
      if (renewed.status !== 200) return `renewing answers ${renewed.status}`
      target.clock.advance(20_000)
      try {
        const { status } = await refresh(target, application, granted.refresh_token)
        if (status === 200) return 'it was renewed again'
        const alive = await refresh(target, application, renewed.body.refresh_token)
        return alive.status === 200 ? 'the session of a stolen token lives on' : undefined
      } finally {
        target.clock.advance(-20_000)
      }
    },
  },
  {
    id: 'ATTACK-A2 GOAL-D3',
    title: 'renewing one refresh token sixty-four times at once, to have two branches',
    guard: 'the one-time right to renew it, and its end',
    edits: [
      {
        file: 'core/tokens/refresh-grant.ts',
        find: '(await tx.consume(tenant, RENEWAL, id, now)) !== undefined',
        replace: '(await tx.peek(tenant, RENEWAL, id, now)) !== undefined',
      },
      { file: 'core/tokens/refresh-grant.ts', find: "    await tx.remove('refreshToken', tenant, id)\n", replace: '' },
    ],
    onPostgres: true,
    async run(target) {
      const { application, granted } = await logIn(target)
      const all = Array.from({ length: 64 }, () => refresh(target, application, granted.refresh_token))
      const answers = (await Promise.all(all)).filter(({ status }) => status === 200)
      const successors = new Set(answers.map(({ body }) => body.refresh_token))
      return successors.size > 1 ? `${successors.size} successors` : undefined
    },
  },
  {
    id: 'ATTACK-F9 GOAL-J2',
    title: 'using a token of one application at another',
    guard: 'holding the issuer and the row against the application asked',
    edits: [
      {
        file: 'core/tokens/verify.ts',
        find: "if (iss !== services.hrefs.toHref('application', request.application)) refuse('tokenOfOtherApplication', {})",
        replace: "if (iss === undefined) refuse('tokenOfOtherApplication', {})",
      },
      { file: 'core/tokens/verify.ts', find: '    found.application === request.application &&\n', replace: '' },
    ],
    async run(target) {
      const { directory, granted } = await logIn(target)
      const other = await target.newApplication()
      await target.newMapping(other, directory)
      return taken(target, other, granted.access_token)
    },
  },
  {
    id: 'ATTACK-F9',
    title: 'using tokens, and reading and ending them, from another tenant',
    guard: 'looking for the application in the tenant of the key',
    edits: [
      {
        file: 'oauth/handler.ts',
        find: 'const context = { tenant: caller.tenant,',
        replace:
          'const context = { tenant: (await engine.services.store.tenantOfApplication(application)) ?? caller.tenant,',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, granted } = await logIn(target)
      const stranger = await target.stranger()
      for (const [endpoint, form] of [
        ['introspect', { token: granted.access_token }],
        ['token', { grant_type: 'refresh_token', refresh_token: granted.refresh_token }],
        ['revoke', { token: granted.access_token }],
      ] as const) {
        const { status } = await stranger.token(application, form, endpoint)
        if (status !== 404) return `${endpoint} answers ${status}`
      }
      for (const path of ['oauth/feed', `authTokens/${granted.access_token}`]) {
        const { status } = await stranger.get(`${application.href}/${path}`)
        if (status !== 404) return `${path} answers ${status}`
      }
      return (await isActive(target, application, granted.access_token)) ? undefined : 'a stranger ended the session'
    },
  },
  {
    id: 'ATTACK-G3',
    title: 'using tokens of a session that was revoked',
    guard: 'ending the whole session',
    edits: [
      {
        file: 'core/tokens/revoke.ts',
        find: "if (session?.application === request.application) await work.remove('session', session)",
        replace: 'if (session === null) return',
      },
      {
        file: 'core/tokens/refresh-tokens.ts',
        find: "if (session) await work.remove('session', session)",
        replace: '',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, granted } = await logIn(target)
      await target.token(application, { token: granted.refresh_token }, 'revoke')
      return (
        (await taken(target, application, granted.access_token)) ??
        (await taken(target, application, granted.refresh_token))
      )
    },
  },
  {
    id: 'ATTACK-G1 ATTACK-R9',
    title: 'going on with the tokens of an account that was disabled',
    guard: 'looking at the account each time',
    edits: [
      {
        file: 'core/tokens/verify.ts',
        find: "if (admission.account !== 'ENABLED') refuse('tokenAccountDisabled', {})",
        replace: '',
      },
    ],
    async run(target) {
      const { application, account, granted } = await logIn(target)
      await target.update(account.href, { status: 'DISABLED' })
      return (
        (await taken(target, application, granted.access_token)) ??
        (await taken(target, application, granted.refresh_token))
      )
    },
  },
  {
    id: 'ATTACK-G7',
    title: 'going on with the tokens of a thief after the password was changed',
    guard: 'ending the sessions with the password',
    edits: [{ file: 'core/accounts.ts', find: '      await endSessions(work, before.id)\n', replace: '' }],
    async run(target) {
      const { application, account, granted } = await logIn(target)
      await target.update(account.href, { password: `${PASSWORD}-new` })
      return (
        (await taken(target, application, granted.access_token)) ??
        (await taken(target, application, granted.refresh_token))
      )
    },
  },
  {
    id: 'ATTACK-G7 GOAL-D10',
    title: 'logging in with the old password while it is being changed, to keep a session',
    guard: 'looking at the password again in the transaction that begins the session',
    probe: [
      {
        file: 'core/authentication/login.ts',
        find: '    const paused = await services.store.write(unit).catch((error) => {\n',
        replace: `    await new Promise((resolve) => setTimeout(resolve, 400))
    const paused = await services.store.write(unit).catch((error) => {
`,
      },
    ],
    edits: [
      {
        file: 'core/authentication/login.ts',
        find: "if (now?.passwordModifiedAt !== seen.passwordModifiedAt) refuse('passwordIncorrect', {})",
        replace: "if (!now) return refuse('passwordIncorrect', {})",
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, account } = await logIn(target)
      const form = { grant_type: 'password', username: account.username, password: PASSWORD }
      const pending = target.token(application, form)
      await new Promise((resolve) => setTimeout(resolve, 150))
      target.clock.advance(1)
      await target.update(account.href, { password: `${PASSWORD}-new` })
      const { status, body } = await pending
      if (status !== 200) return undefined
      return taken(target, application, body.refresh_token)
    },
  },
  {
    id: 'GOAL-D4',
    title: 'showing a log-in ticket twice, and sixty-four times at once',
    guard: 'the statement that uses it up',
    edits: [
      {
        file: 'core/tokens/login-tickets.ts',
        find: 'await tx.consume(context.tenant, KIND, secret, now)',
        replace: 'await tx.peek(context.tenant, KIND, secret, now)',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, account } = await logIn(target)
      const ticket = await ticketOf(target, application, account)
      const answers = await Promise.all(Array.from({ length: 64 }, () => redeem(target, application, ticket)))
      const won = answers.filter(({ status }) => status === 200).length
      if (won > 1) return `${won} got tokens`
      return (await redeem(target, application, ticket)).status === 200 ? 'it worked again' : undefined
    },
  },
  {
    id: 'GOAL-D4 ATTACK-A13',
    title: 'showing a log-in ticket with another key, and at another application',
    guard: 'what the ticket is bound to',
    edits: [
      {
        file: 'core/tokens/login-tickets.ts',
        find: 'if (ticket.application !== application || ticket.apiKey !== key?.id) return undefined',
        replace: '',
      },
    ],
    async run(target) {
      const { application, directory, account } = await logIn(target)
      const stolen = await ticketOf(target, application, account)
      const other = target.as(await colleague(target))
      if (
        (await other.token(application, { grant_type: 'urn:latchkey:grant:login-ticket', ticket: stolen })).status ===
        200
      )
        return 'another key got tokens'
      if ((await redeem(target, application, stolen)).status === 200) return 'a ticket shown by another still works'
      const second = await target.newApplication()
      await target.newMapping(second, directory)
      const moved = await ticketOf(target, application, account)
      return (await redeem(target, second, moved)).status === 200 ? 'another application got tokens' : undefined
    },
  },
])
