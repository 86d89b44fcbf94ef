import { type ClientOptions, clientOver, connect } from '../../client/client.ts'
import { ApiError, isApiError } from '../../client/errors.ts'
import type { LoginAttempt } from '../../client/login-attempt.ts'
import type { Source, Transport } from '../../client/transport.ts'
import { type Application, findApplication, requireSameName } from './application.ts'
import { attemptAs } from './attempt-as.ts'
import { readFacts } from './facts.ts'
import { pointLinks } from './links.ts'
import { readNews } from './news.ts'
import { organizationOf } from './organization.ts'
import type { Account, Followed, LogIn, LogInAs, Place, Service, SessionTimes } from './service.ts'

export interface ServiceOptions {
  /** Where the service is, and the key to it. */
  client: ClientOptions
  apiKey: { id: string; secret: string }
  application: { name: string | undefined; href: string | undefined }
}

/** The service behind the client, in this process or over the network: the same code. */
export function createService({ client: options, apiKey, application: wanted }: ServiceOptions): Service {
  const transport = connect(options)
  const client = clientOver(transport)
  let found: Promise<Application> | undefined

  /** Looked for once; a failure is not kept. */
  function application(): Promise<Application> {
    found ??= findApplication(client, wanted)
      .then((application) => requireSameName(application, transport.base))
      .catch((error: unknown) => {
        found = undefined
        throw error
      })
    return found
  }

  const post = async (path: string, body: object, expects: Expects, more?: More) => {
    const { href } = await application()
    return send(transport, `${href}${path}`, body, expects, more)
  }

  /** Checks the credentials, then turns the ticket into a session. (defaults.md, How an app talks to the service) */
  async function logIn(given: LogIn | LogInAs) {
    const { tokens } = await application()
    const { source, session } = given
    const attempt = (attempt: LoginAttempt) => tokens.logIn(attempt, { source })
    const { account, ticket } = await ('account' in given
      ? attemptAs(client, given, attempt)
      : attempt({ login: given.login, password: given.password, ...storeOf(given.organization) }))
    const [issued, found] = await Promise.all([
      tokens.loginTicket(ticket, { source, session: toSeconds(session) }),
      client.accounts.get(account.href) as unknown as Promise<Account>,
    ])
    return { account: found, tokens: issued }
  }

  return {
    client,
    application,
    facts: async () => readFacts(client, await application()),
    logIn,

    async checkPassword(known) {
      const { source } = known
      const found = await application()
      await attemptAs(client, known, (attempt) => found.authenticate(attempt, { source }))
    },

    async register({ account, organization, source, notify = false }) {
      const here = await application()
      const place = organization === undefined ? here : await organizationOf(client, here, organization)
      const draft = account as Parameters<typeof place.register>[0]
      // Notified, there is no account to show: the address has one, and its owner gets a mail.
      const made = notify ? await place.register(draft, { source }) : await place.accounts.create(draft, { source })
      return made as Account | undefined
    },

    refresh: async (refreshToken) => (await application()).tokens.refresh(refreshToken),

    revoke: async (token) => (await application()).tokens.revoke(token),
    apiKeyGrant: async (id, secret) => (await application()).tokens.clientCredentials({ id, secret }),

    async account(href, expand) {
      const wanted = expand.filter((name) => name !== 'groups')
      const query = wanted.length > 0 ? { expand: wanted as never[] } : {}
      const account = await client.accounts.get(href, query)
      if (!expand.includes('groups')) return account as unknown as Account
      return {
        ...account,
        groups: { items: await account.groups.list({ status: 'ENABLED' }).toArray() },
      } as unknown as Account
    },

    async updateAccount(href, changes) {
      await client.accounts.link(href).update(changes)
    },

    async requestPasswordReset(email, { organization, source }) {
      const { passwordResetTokens } = await application()
      await passwordResetTokens.create({ email, ...storeOf(organization) }, { source })
    },

    async checkPasswordReset(token) {
      const { passwordResetTokens } = await application()
      const { email } = await passwordResetTokens.get(requireToken(token))
      return { login: email }
    },

    async resetPassword(token, password, { source, logIn }) {
      const path = `/passwordResetTokens/${requireToken(token)}`
      const query = `expand=account${logIn ? '&loginTicket=true' : ''}`
      const answer = await post(path, { password }, 'account', { query, source })
      return toFollowed(answer as { account: Account })
    },

    async requestVerification(login, { organization, source }) {
      const { verificationEmails } = await application()
      await verificationEmails.send({ login, ...storeOf(organization) }, { source })
    },

    async verify(token, { source, logIn }) {
      const href = `${transport.base}/accounts/emailVerificationTokens/${requireToken(token)}`
      const query = logIn ? 'loginTicket=true' : ''
      const answer = (await send(transport, href, {}, 'href', { query, source })) as { href: string }
      const account = (await client.accounts.get(answer.href)) as unknown as Account
      return toFollowed({ ...answer, account })
    },

    async redeem(ticket, { source, session }) {
      const { tokens } = await application()
      try {
        return await tokens.loginTicket(ticket, { source, session: toSeconds(session) })
      } catch (error) {
        // Good for another application, or for an account that changed meanwhile.
        if (isApiError(error) && error.status === 400) return undefined
        throw error
      }
    },

    async sessions(account) {
      const { href } = await application()
      const { sessions } = await client.accounts.get(account)
      const own = await sessions.list({ 'application.href': href } as never).toArray()
      return own.map(({ id, createdAt, lastUsedAt, userAgent }) => ({
        id,
        createdAt: new Date(createdAt),
        lastUsedAt: lastUsedAt === null ? undefined : new Date(lastUsedAt),
        userAgent: userAgent ?? undefined,
      }))
    },

    async endSession(id) {
      await client.sessions.link(id).delete()
    },

    async holds(token) {
      const { tokens } = await application()
      const { active, token_use } = await tokens.introspect(token)
      return active && token_use === 'access'
    },

    async keys() {
      const { tokens } = await application()
      const { keys } = await tokens.jwks()
      const published = keys.filter(({ crv }) => crv === 'Ed25519')
      return [
        { id: apiKey.id, type: 'HS256', secret: apiKey.secret },
        ...published.map(({ kid, x }) => ({ id: kid, type: 'EdDSA', publicKey: x }) as const),
      ]
    },

    pointLinks: async (links) => pointLinks(client, await application(), links),

    news: async (position) => readNews((await application()).tokens, position),
  }
}

function toFollowed({ account, loginTicket }: { account: Account; loginTicket?: string }): Followed {
  return { account, ticket: loginTicket }
}

function toSeconds({ lifetime, idle }: SessionTimes = {}): SessionTimes {
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : Math.ceil(ms / 1000))
  return { lifetime: seconds(lifetime), idle: seconds(idle) }
}

type Expects = 'href' | 'account' | undefined

interface More {
  query?: string
  /** Where the user is on whose behalf this is asked. */
  source?: Source | undefined
}

function send(transport: Transport, href: string, body: object, expects: Expects, { query, source }: More = {}) {
  const call = { method: 'POST', href, body: JSON.stringify(body), repeat: 'refused' } as const
  return transport.send({
    ...call,
    ...(query && { query }),
    ...(expects && { expects }),
    ...(source && { source }),
  })
}

/** A token as links carry it: what cannot be one would be asked for as a path. @throws ApiError 404 */
function requireToken(token: string): string {
  if (/^[\w~-]+(?:\.[\w~-]+)*$/.test(token)) return token
  const body = {
    status: 404,
    code: 404,
    message: 'There is no such token.',
    developerMessage: 'It is no token at all.',
  }
  throw new ApiError({ method: 'GET', url: '' }, body)
}

function storeOf(organization: Place['organization']): Pick<LoginAttempt, 'accountStore'> {
  return organization === undefined ? {} : { accountStore: { nameKey: organization } }
}
