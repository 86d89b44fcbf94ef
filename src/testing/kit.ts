import { type Client, createClient, type Engine } from '../client/client.ts'
import type { Resource } from '../client/types/resource.ts'
import type { CapturedMail } from '../mail/inbox.ts'
import { type App, createApp } from '../server/app.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { refuseProduction } from './refuse-production.ts'
import { untilSettled } from './until-settled.ts'

export interface TestKitOptions {
  /** Defaults of the service: `modern`, or `stormpath` as they were. */
  preset?: 'modern' | 'stormpath'
  /** Name of the application, where yours asks for one by name. Default: `My Application`. */
  application?: string
  /** Where the clock stands at first. Default: now. */
  now?: Date | number | string
}

/** A user as a test wants one; everything may be left out. */
export interface TestUser {
  /** Default: one that no other user of the kit has. */
  email?: string
  username?: string
  /** Default: `Correct horse 9 battery`. */
  password?: string
  givenName?: string
  surname?: string
  customData?: Record<string, unknown>
  /** Names of groups to be in; those that do not exist are made. */
  groups?: readonly string[]
}

/** A service in memory, and what tests want of it. */
export interface TestKit extends AsyncDisposable {
  /** For `latchkey({ engine: kit.engine })`, and for `createClient`. */
  readonly engine: Engine & { readonly clock: TestClock; readonly revocationDelay: number }
  /** The whole API, as the owner of the tenant. */
  readonly client: Client
  readonly clock: TestClock
  /** The application that the app under test is. */
  readonly application: Resource<'application'>
  /** Makes a user who can log in at once; no mail goes out. */
  createUser(user?: TestUser): Promise<Resource<'account'>>
  /**
   * The headers of a request by a user who is logged in, without a log-in: a `cookie` as a browser sends it, or with
   * `{ bearer: true }` an `authorization`. Every call is a session of its own.
   *
   * @throws Problem where the account is disabled or gone
   */
  as(user: { href: string }): Promise<{ cookie: string }>
  as(user: { href: string }, how: { bearer: true }): Promise<{ authorization: string }>
  /** The mails that would have been sent. */
  readonly mail: TestMail
  close(): Promise<void>
}

/** Mails are captured, whoever they are to. Both wait for what is on its way, so they can be asked at once. */
export interface TestMail {
  /** The newest one; undefined when there is none. Its `links` are the addresses in it. */
  latest(filter?: { to?: string; subject?: string }): Promise<CapturedMail | undefined>
  /** Newest first, at most the last 200. */
  all(filter?: { to?: string }): Promise<CapturedMail[]>
  clear(): void
}

const password = 'Correct horse 9 battery'

/**
 * A service of its own for a test file: SQLite in memory, passwords hashed so cheaply that they cost nothing, no
 * network, no environment, a clock that stands still.
 *
 * @throws Mistake where `NODE_ENV` is `production`
 * @example
 * const kit = await createTestKit()
 * const app = createShop(latchkey({ engine: kit.engine }))
 * const ada = await kit.createUser({ email: 'ada@example.com', groups: ['admins'] })
 * const answer = await fetch(`${base}/admin`, { headers: await kit.as(ada) })
 */
export async function createTestKit(options: TestKitOptions = {}): Promise<TestKit> {
  refuseProduction()
  const clock = createTestClock(options.now)
  const app = await createApp({
    inMemory: true,
    insecureTestCost: true,
    environment: {},
    clock,
    preset: options.preset ?? 'modern',
    logLevel: 'error',
  })
  const { handle, settled } = untilSettled(app.handle)
  const engine = { baseUrl: app.baseUrl, handle, apiKey: app.apiKey, clock, revocationDelay: 0 }
  const client = createClient({ engine })
  const application = await findApplication(client, options.application)
  const groups = new Map<string, Promise<{ href: string }>>()
  let users = 0

  function group(name: string): Promise<{ href: string }> {
    const known = groups.get(name) ?? findOrMake(application, name)
    groups.set(name, known)
    return known
  }

  async function as(user: { href: string }, { bearer = false } = {}) {
    const { accessToken, refreshToken } = await logIn(app, application.id, user.href)
    if (bearer) return { authorization: `Bearer ${accessToken}` }
    // Under both names that the cookies have by default: the second is that of applications on HTTPS.
    const pairs = Object.entries({ access_token: accessToken, refresh_token: refreshToken })
    return { cookie: pairs.flatMap(([name, value]) => [`${name}=${value}`, `__Host-${name}=${value}`]).join('; ') }
  }

  async function close(): Promise<void> {
    await settled()
    await app.close()
  }

  return {
    engine,
    client,
    clock,
    application,
    async createUser({ groups: names = [], ...user } = {}) {
      users++
      const draft = {
        email: `user${users}@example.com`,
        givenName: 'Test',
        surname: `User ${users}`,
        password,
        ...user,
      }
      const account = await application.accounts.create(draft, { registrationWorkflowEnabled: false })
      for (const name of names) await client.groupMemberships.create({ account, group: await group(name) })
      return account
    },
    as: as as TestKit['as'],
    mail: mailOf(app),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function findApplication(client: Client, name: string | undefined): Promise<Resource<'application'>> {
  const application = await client.applications.list({ name: 'My Application' }).first()
  if (!application) throw new Error('the service of the kit has no application')
  return name === undefined ? application : application.update({ name })
}

async function findOrMake(application: Resource<'application'>, name: string): Promise<{ href: string }> {
  return (await application.groups.list({ name }).first()) ?? application.groups.create({ name })
}

function mailOf({ inbox }: App): TestMail {
  if (!inbox) throw new Error('the service of the kit has no inbox')
  return {
    latest: (filter) => inbox.latest(filter),
    async all(filter) {
      await inbox.latest()
      return inbox.list(filter)
    },
    clear: () => inbox.clear(),
  }
}

/** A session in the way of the engine, past the password. */
async function logIn({ engine, apiKey }: App, application: string, account: string) {
  const standing = apiKey && (await engine.apiKeyStanding(apiKey.id))
  if (!standing) throw new Error('the service of the kit has no API key')
  const { key } = standing
  const ref = engine.services.hrefs.parseHref(account)
  const context = { tenant: key.tenant, actor: { kind: 'apiKey', id: key.id }, requestId: 'testing' } as const
  return engine.tokens.forAccount(context, { application, key, account: ref?.id ?? account })
}
