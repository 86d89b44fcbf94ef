import { type ClientOptions, clientOver, connect } from '../../client/client.ts'
import { isApiError, ResponseError } from '../../client/errors.ts'
import type { Source, Transport } from '../../client/transport.ts'
import { type Application, findApplication, requireSameName } from './application.ts'
import { readFacts } from './facts.ts'
import { pointLinks } from './links.ts'
import { readNews } from './news.ts'
import type { Account, Followed, LogIn, Place, Service, SessionTimes } from './service.ts'

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
  async function logIn({ login, password, organization, source, session }: LogIn) {
    const { tokens } = await application()
    const { account, ticket } = await tokens.logIn({ login, password, ...storeOf(organization) }, { source })
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

    async register({ account, organization, source, notify = false }) {
      const query = notify ? 'existing=notify' : ''
      try {
        return (await post('/accounts', { ...account, ...storeOf(organization) }, 'href', { query, source })) as Account
      } catch (error) {
        // Accepted, and no account to show: the address has one, and its owner gets a mail.
        if (error instanceof ResponseError && error.status === 202) return undefined
        throw error
      }
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
      await post('/passwordResetTokens', { email, ...storeOf(organization) }, undefined, { source })
    },

    async checkPasswordReset(token) {
      const { href } = await application()
      const path = `${href}/passwordResetTokens/${encodeURIComponent(token)}`
      const answer = await transport.send({ method: 'GET', href: path, repeat: 'always', expects: 'account' })
      const { email } = answer as { email?: string }
      return { login: email }
    },

    async resetPassword(token, password, { source, logIn }) {
      const path = `/passwordResetTokens/${encodeURIComponent(token)}`
      const query = `expand=account${logIn ? '&loginTicket=true' : ''}`
      const answer = await post(path, { password }, 'account', { query, source })
      return toFollowed(answer as { account: Account })
    },

    async requestVerification(login, { organization, source }) {
      await post('/verificationEmails', { login, ...storeOf(organization) }, undefined, { source })
    },

    async verify(token, { source, logIn }) {
      const href = `${transport.base}/accounts/emailVerificationTokens/${encodeURIComponent(token)}`
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

function storeOf(organization: Place['organization']): object {
  return organization === undefined ? {} : { accountStore: { nameKey: organization } }
}
