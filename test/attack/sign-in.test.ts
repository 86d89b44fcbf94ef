/** Sessions that begin by a mailed link, end early, or must not begin at all. */
import { describeAttacks, type Json, type Target } from './attack.ts'
import { describeSiteAttacks, PASSWORD, type SiteTarget, whoIs } from './site.ts'

const claimsOf = (jwt: string): Json => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
const WRONG = 'Not-The-Password-1'

const redeem = (target: Target, application: Json, ticket: string, more: Record<string, string> = {}) =>
  target.token(application, { grant_type: 'urn:latchkey:grant:login-ticket', ticket, ...more })

/** A session that asks for times of its own. */
async function logIn(target: Target, times: Record<string, string>) {
  const { application, directory } = await target.newApplicationWithDirectory()
  const { email } = await target.newAccount(directory)
  const { body } = await target.login(application, email, 'Copper-Kettle-4471', {}, '?loginTicket=true')
  return { application, granted: (await redeem(target, application, body.loginTicket, times)).body }
}

async function failTenTimes(target: Target, application: Json, login: string): Promise<void> {
  for (let i = 0; i < 10; i++) await target.login(application, login, WRONG)
}

async function mailsTo({ app }: Target, to: string) {
  await app.inbox?.latest()
  return app.inbox?.list({ to }) ?? []
}

describeAttacks('Sessions by links, and their ends', [
  {
    id: 'WEB-W50 ATTACK-A9',
    title: 'getting into an application by a verification link, though its users are others by now',
    guard: 'the look at who may use the application',
    edits: [
      {
        file: 'core/tokens/login-tickets.ts',
        find: "application !== null && admission?.application === 'ENABLED' && admission.admitted",
        replace: 'application !== null && admission !== null',
      },
    ],
    made: { mail: true },
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
      const account = await target.newAccount(application)
      const { items } = await target.read(application.accountStoreMappings.href)
      for (const { href } of items) await target.remove(href)
      const { body } = await target.post(`${account.emailVerificationToken.href}?loginTicket=true`)
      if (body.loginTicket === undefined) return undefined
      return (await redeem(target, application, body.loginTicket)).status === 200 ? 'there is a session' : undefined
    },
  },
  {
    id: 'WEB-W62',
    title: 'renewing a session that was not used for longer than it may be',
    guard: 'the look at when it ended',
    edits: [
      {
        file: 'core/tokens/refresh-grant.ts',
        find: "if (session.expiresAt <= work.now) return new Problem('tokenMissing', {})",
        replace: '',
      },
    ],
    async run(target) {
      const { application, granted } = await logIn(target, { session_idle: '600' })
      target.clock.advance(601_000)
      const form = { grant_type: 'refresh_token', refresh_token: granted.refresh_token }
      return (await target.token(application, form)).status === 200 ? 'it goes on' : undefined
    },
  },
  {
    id: 'WEB-W62',
    title: 'going on with an access token, which nobody asks about, when its session has ended',
    guard: 'the bound on access tokens',
    edits: [
      {
        file: 'core/tokens/issue.ts',
        find: 'endsAt ?? Number.POSITIVE_INFINITY',
        replace: 'endsAt === undefined ? 0 : Number.POSITIVE_INFINITY',
      },
    ],
    async run(target) {
      const { granted } = await logIn(target, { session_lifetime: '120' })
      const { iat, exp } = claimsOf(granted.access_token)
      return exp - iat > 120 ? `it holds for ${exp - iat} seconds` : undefined
    },
  },
  {
    id: 'WEB-W58',
    title: 'filling the mailbox of somebody by failing in all of their names',
    guard: 'the one notice a day',
    edits: [
      {
        file: 'core/emails/paused-logins.ts',
        find: '|| (await tx.peek(tenant, KIND, id, now)) !== undefined',
        replace: '',
      },
    ],
    made: { mail: true },
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const { email, username } = await target.newAccount(directory)
      await failTenTimes(target, application, email)
      await failTenTimes(target, application, username)
      const { length } = await mailsTo(target, email)
      return length > 1 ? `${length} mails` : undefined
    },
  },
  {
    id: 'WEB-W58 ATTACK-A4',
    title: "voiding somebody's link to a new password by failing in their name",
    guard: 'leaving a link alone that is good',
    edits: [
      {
        file: 'core/emails/paused-logins.ts',
        find: "if ((await tx.peek(account.tenant, 'passwordReset', account.id, now)) !== undefined) return undefined",
        replace: '',
      },
    ],
    made: { mail: true },
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.update(directory.passwordPolicy.href, { resetEmailStatus: 'ENABLED' })
      const { email } = await target.newAccount(directory)
      const { body } = await target.post(application.passwordResetTokens.href, { email })
      await failTenTimes(target, application, email)
      return (await target.get(body.href)).status === 200 ? undefined : 'the link is void'
    },
  },
])

/** A link that verifies an address, of an account of whoever asks for it. */
async function ownLink(target: SiteTarget, base: string): Promise<string> {
  const email = `mallory-${Math.random().toString(36).slice(2)}@example.com`
  const site = await target.site
  await site.browser().postJson('/register', { email, password: PASSWORD })
  const mail = await target.service.inbox?.latest({ to: email })
  return `${base}?sptoken=${/sptoken=([\w.-]+)/.exec(mail?.text ?? '')?.[1]}`
}

const autoLogin = { options: { web: { register: { autoLogin: true }, revocationDelay: 0 } } }

describeSiteAttacks('Log-ins that nobody wanted', [
  {
    id: 'WEB-W50 ATTACK-G15',
    title: "logging a visitor in to one's own account, by a page that gets one's link as JSON",
    guard: 'the look at where a request comes from',
    edits: [{ file: 'web/flows/verify.ts', find: 'autoLogin && !exchange.isForeign', replace: 'autoLogin' }],
    made: { mail: true },
    async run(target) {
      const link = await ownLink(target, '/verify')
      const victim = (await target.make(autoLogin)).browser()
      await victim.getJson(link, { 'sec-fetch-site': 'cross-site' })
      return (await whoIs(victim)) && 'the visitor is logged in as somebody else'
    },
  },
  {
    id: 'WEB-W50 WEB-W67 ATTACK-A9',
    title: 'being logged in by merely opening a link, as scanners of mail do',
    guard: 'the button',
    edits: [
      {
        file: 'web/flows/verify.ts',
        find: 'if (wantsPage(exchange)) return token ? confirm(exchange, token) : resend(exchange)',
        replace: 'if (wantsPage(exchange) && !token) return resend(exchange)',
      },
    ],
    made: { mail: true },
    async run(target) {
      const link = await ownLink(target, '/verify')
      const scanner = (await target.make(autoLogin)).browser()
      await scanner.visit(link)
      return (await whoIs(scanner)) && 'the scanner is logged in'
    },
  },
  {
    id: 'WEB-W120 ATTACK-N5',
    title: 'keeping a session of the password grant that the application refused',
    guard: 'ending it again',
    edits: [
      {
        file: 'web/flows/log-in.ts',
        find: 'await exchange.parts.service.revoke(tokens.accessToken)',
        replace: '',
      },
    ],
    async run(target) {
      const account = await target.account()
      const site = await target.make({
        options: {
          web: { oauth2: { password: { enabled: true } } },
          hooks: { postLogin: () => ({ status: 403, headers: {}, body: 'Not you.' }) },
        },
      })
      const form = { grant_type: 'password', username: account.email, password: PASSWORD }
      await site.browser().postForm('/oauth/token', form, { csrf: null })
      return (await target.api.read(account.sessions.href)).size > 0 ? 'there is a session' : undefined
    },
  },
  {
    id: 'WEB-W92 WEB-W93',
    title: 'going on with an API key that was disabled',
    guard: 'forgetting what was heard of keys',
    edits: [{ file: 'web/sessions/sessions.ts', find: 'keyTokens = new Map()\n    },', replace: '},' }],
    async run(target) {
      const account = await target.account()
      const key = await target.api.create(`${account.href}/apiKeys`)
      const site = await target.make({
        options: { web: { revocationDelay: 0 } },
        routes: (app, auth) => void app.get('/api', auth.apiRequired(), (_req, res) => void res.send('in')),
      })
      const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`
      if ((await site.browser().getJson('/api', { authorization })).status !== 200) return 'the key never worked'
      await target.api.update(key.href, { status: 'DISABLED' })
      const { status } = await site.browser().getJson('/api', { authorization })
      return status === 200 ? 'it still works' : undefined
    },
  },
])
