import { ed25519Signer } from '../../src/crypto/jws/algorithms.ts'
import { signJws } from '../../src/crypto/jws/compact.ts'
import { describeSiteAttacks, hearNews, type SiteTarget } from './site.ts'

/** Asked twice: what is known after the first answer must not let anybody in at the second. */
async function twice(target: SiteTarget, authorization: string, path = '/api'): Promise<number[]> {
  const browser = (await target.site).browser()
  const first = await browser.getJson(path, { authorization })
  const second = await browser.getJson(path, { authorization })
  return [first.status, second.status]
}

const letIn = (statuses: readonly number[]) => (statuses.includes(200) ? `let in: ${statuses.join(', ')}` : undefined)

/** Whether somebody who is let in still is when the site has heard of a change. */
async function staysIn(target: SiteTarget, authorization: string, change: () => Promise<unknown>, path?: string) {
  const before = await twice(target, authorization, path)
  if (before.some((status) => status !== 200)) throw new Error(`not let in to begin with: ${before}`)
  await change()
  await hearNews(target)
  return letIn(await twice(target, authorization, path))
}

/** Somebody whose token is younger than anything the site has asked about: it is believed unasked. */
async function visitor(target: SiteTarget) {
  await hearNews(target)
  target.clock.advance(2000)
  const browser = await target.loggedIn()
  return { account: browser.account, authorization: `Bearer ${browser.cookies.get('access_token')}` }
}

async function defaultMapping(target: SiteTarget): Promise<{ href: string; directory: string }> {
  const { defaultAccountStoreMapping } = await target.application()
  const mapping = await target.api.read(defaultAccountStoreMapping.href)
  return { href: mapping.href, directory: mapping.accountStore.href }
}

const sinceDoubtfulNews = {
  file: 'web/sessions/feed.ts',
  find: 'if (news.everything || since === undefined) since = askedAt',
  replace: 'since ??= askedAt',
}
const endedSessions = { file: 'web/web.ts', find: 'revocations.add(ended)', replace: 'void ended' }

async function goOnDisabled(target: SiteTarget) {
  const { account, authorization } = await visitor(target)
  return staysIn(target, authorization, () => target.api.update(account.href, { status: 'DISABLED' }))
}

describeSiteAttacks('What an app knows of who may come in holds until the next news', [
  {
    id: 'WEB-W92 ATTACK-G1',
    title: 'going on after the account was disabled',
    guard: 'looking at the status of an account that is read',
    edits: [
      {
        file: 'web/sessions/users.ts',
        find: "return user.status === 'ENABLED' ? user : undefined",
        replace: 'return user',
      },
      endedSessions,
    ],
    run: goOnDisabled,
  },
  {
    id: 'WEB-W92 ATTACK-G1',
    title: 'the same from the second request on',
    guard: 'looking at the status of an account that is known',
    edits: [
      {
        file: 'web/sessions/users.ts',
        find: 'admitted(feed.isLost ? asStale(known, service, reread) : known)',
        replace: 'known',
      },
      endedSessions,
    ],
    run: goOnDisabled,
  },
  {
    id: 'WEB-W92 GOAL-C8',
    title: 'going on after the directory was disabled',
    guard: 'asking again about tokens when the news do not say whom they concern',
    edits: [sinceDoubtfulNews],
    async run(target) {
      const { directory } = await defaultMapping(target)
      const { authorization } = await visitor(target)
      const succeeded = await staysIn(target, authorization, () => target.api.update(directory, { status: 'DISABLED' }))
      await target.api.update(directory, { status: 'ENABLED' })
      return succeeded
    },
  },
  {
    id: 'WEB-W92 GOAL-C8',
    title: 'going on after the application lost the directory',
    guard: 'asking again about tokens when the news do not say whom they concern',
    edits: [sinceDoubtfulNews],
    async run(target) {
      const { href, directory } = await defaultMapping(target)
      const { authorization } = await visitor(target)
      const succeeded = await staysIn(target, authorization, () => target.api.delete(href))
      await target.api.create('/accountStoreMappings', {
        application: { href: (await target.application()).href },
        accountStore: { href: directory },
        isDefaultAccountStore: true,
        isDefaultGroupStore: true,
      })
      return succeeded
    },
  },
  {
    id: 'WEB-W93 GOAL-C8',
    title: 'going on with an API key that was deleted',
    guard: 'forgetting which tokens keys were exchanged for',
    edits: [{ file: 'web/sessions/sessions.ts', find: 'keyTokens = new Map()\n    },', replace: '},' }],
    async run(target) {
      const { href } = await target.account()
      const key = await target.api.create(`${href}/apiKeys`, {})
      const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`
      return staysIn(target, authorization, () => target.api.delete(key.href))
    },
  },
  {
    id: 'WEB-W107',
    title: 'the rights of a group that is disabled',
    guard: 'enabled groups alone',
    edits: [
      { file: 'web/service/over-client.ts', find: "groups.list({ status: 'ENABLED' })", replace: 'groups.list()' },
    ],
    async run(target) {
      const { account, authorization } = await visitor(target)
      const { href } = await target.application()
      const group = await target.api.create(`${href}/groups`, { name: 'admins' })
      await target.api.create('/groupMemberships', { account: { href: account.href }, group: { href: group.href } })
      await hearNews(target)
      return staysIn(target, authorization, () => target.api.update(group.href, { status: 'DISABLED' }), '/admin')
    },
  },
  {
    id: 'WEB-W96 ATTACK-B12',
    title: 'a token forged with a stolen key that was withdrawn',
    guard: 'forgetting keys that may have been withdrawn, and asking about tokens',
    edits: [{ file: 'web/sessions/sessions.ts', find: 'keys.forget()', replace: 'void keys' }, sinceDoubtfulNews],
    async run(target) {
      const { href: application } = await target.application()
      const { account } = await visitor(target)
      const forge = await stealKey(target, application.slice(application.lastIndexOf('/') + 1))
      await twice(target, (await visitor(target)).authorization)
      await target.api.delete(`${application}/oauth/jwks`)
      await hearNews(target)
      return letIn(await twice(target, `Bearer ${forge({ iss: application, sub: account.href })}`))
    },
  },
])

/** Signs tokens as somebody does who has the key of the application. */
async function stealKey({ service, clock }: SiteTarget, application: string): Promise<(claims: object) => string> {
  const { store, seal } = service.engine.services
  const tenant = (await store.tenantOfApplication(application)) as string
  const scope = { by: 'application', id: application } as const
  const { items } = await store.list({ resource: 'signingKey', tenant, scope, offset: 0, limit: 1 })
  const [key] = items
  if (!key) throw new Error('the application has no key')
  const place = { tenant, table: 'signingKey', row: key.id, column: 'privateKey' }
  const signer = ed25519Signer(key.id, seal.open(key.privateKey, place))
  return (claims) => {
    // as young as can be: nothing older than the news is believed
    const iat = Math.floor(clock.now() / 1000) + 30
    return signJws(signer, { stt: 'access' }, { jti: 'forged', iat, exp: iat + 3600, ...claims })
  }
}
