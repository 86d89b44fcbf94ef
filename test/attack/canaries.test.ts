import { registry } from '../../src/resources/registry.ts'
import { routes } from '../../src/rest/routes.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { basic, Client, describeAttacks, idOf, PASSWORD, type Target } from './attack.ts'
import { addressed, at, bodyFor, idIn, isWrite, type Population, populate } from './population.ts'

const HASH = '$stormpath2$SHA-256$1$Y2FuYXJ5c2FsdA==$Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0E='
const ANOTHERS = 'CANARYOFANOTHERTENANT'

interface Sight {
  what: string
  text: string
}

/** A client that keeps all that it is told. */
function watching(target: Target): { client: Client; seen: Sight[] } {
  const seen: Sight[] = []
  const client = new Client(
    async ({ url, ...request }) => {
      const response = await fetch(url, { ...request, redirect: 'manual' })
      const headers = JSON.stringify([...response.headers])
      seen.push({ what: `${request.method} ${url}`, text: headers + (await response.clone().text()) })
      return response
    },
    target.baseUrl,
    target.key,
  )
  return { client, seen }
}

/** Every route: read with everything expanded, written, asked wrongly, and what can go at last deleted. */
async function exercise(client: Client): Promise<Population> {
  const [own, doomed] = [await populate(client), await populate(client)]
  await client.post(`${own.directory.accounts.href}?passwordFormat=mcf`, {
    email: 'imported@example.com',
    password: HASH,
  })
  for (const route of routes) {
    const kind = addressed(route)
    const to = kind ? at(route, idIn(own[kind], route)) : route.path
    if (route.method === 'GET') {
      await client.get(to)
      const shown = 'resource' in route ? route.resource : undefined
      const links = Object.entries(((shown && registry[shown]) as Resource | undefined)?.links ?? {})
      const expandable = links.filter(([, link]) => 'expandable' in link && link.expandable).map(([name]) => name)
      for (let i = 0; i < expandable.length; i += 5)
        await client.get(`${to}?expand=${expandable.slice(i, i + 5).join()}`)
      await client.get(`${to}?q=a&expand=tenant`)
      await client.get(`${to}?id=${own.apiKey.id}`)
    }
    if (isWrite(route)) {
      await client.post(to, await bodyFor(route, client, own))
      await client.post(to, { password: PASSWORD, unheardOf: PASSWORD })
    }
    if (route.method === 'DELETE' && kind) await client.delete(at(route, idIn(doomed[kind], route)))
  }
  for (const password of [PASSWORD, `${PASSWORD}-wrong`]) {
    await client.login(own.application, own.account.email, password)
    await client.login(own.application, own.account.email, password, {}, '?expand=account')
    await client.login(own.application, 'nobody@example.com', password)
  }
  await client.get('/applications', { auth: { id: client.key.id, secret: `${client.key.secret}-wrong` } })
  await client.get('/nothing')
  return own
}

/** The ways in which a secret may stand in a text. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
]

/** What the service holds and nobody may see, by what it is. */
async function hidden(target: Target, tenants: readonly Population[]): Promise<[what: string, secret: string][]> {
  const { store } = target.app.engine.services
  const found: [string, string][] = [['the imported hash', HASH]]
  for (const { tenant, account, apiKey } of tenants) {
    const id = idOf(tenant)
    const rows = {
      tenant: await store.get('tenant', id, id),
      account: await store.get('account', id, idOf(account)),
      apiKey: await store.get('apiKey', id, apiKey.id),
    }
    found.push(['the key of events of a tenant', rows.tenant?.eventKey ?? ''])
    found.push(['the key of events of an account', rows.account?.eventKey ?? ''])
    found.push(['the hash of a password', rows.account?.password ?? ''])
    found.push(['the sealed secret of an API key', rows.apiKey?.secret ?? ''])
    found.push(['the digest of a secret', rows.apiKey?.secretDigest ?? ''])
  }
  return found
}

describeAttacks('Canaries', [
  {
    id: 'ATTACK-F11 GOAL-K5',
    title: 'looking for hashes, sealed texts and keys in every answer and log line',
    guard: 'leaving secret attributes out of representations',
    edits: [
      { file: 'schema/attribute.ts', find: '!(attribute.hidden || attribute.secret)', replace: '!attribute.hidden' },
    ],
    onPostgres: true,
    async run(target) {
      const { client, seen } = watching(target)
      const own = await exercise(client)
      const foreign = await populate(await target.stranger(), ANOTHERS)
      const secrets = await hidden(target, [own, foreign])
      if (secrets.some(([, secret]) => secret.length < 20)) return 'a secret could not be read, so nothing is proved'
      secrets.push(['a password', PASSWORD], ['the secret of another tenant', foreign.apiKey.secret])
      const texts = [...seen, { what: 'the log', text: JSON.stringify(target.log) }]
      for (const { what, text } of texts) {
        for (const [name, secret] of secrets) {
          if (formsOf(secret).some((form) => text.includes(form))) return `${name} is in ${what}`
        }
      }
      return seen.length > 200 ? undefined : `only ${seen.length} answers were looked at`
    },
  },
  {
    id: 'ATTACK-F11 ATTACK-F9 GOAL-K1',
    title: 'looking for what belongs to another tenant in every answer',
    guard: 'the tenant in the statements that list',
    edits: [{ file: 'storage/search/plain.ts', find: 'where tenant_id = ?$', replace: 'where ? is not null$' }],
    onPostgres: true,
    async run(target) {
      const foreign = await populate(await target.stranger(), ANOTHERS)
      const { client, seen } = watching(target)
      await exercise(client)
      for (const { what, text } of seen) {
        for (const trace of [ANOTHERS, idOf(foreign.tenant), idOf(foreign.account), foreign.apiKey.secret]) {
          if (text.includes(trace)) return `${trace} is in ${what}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F11 GOAL-K5',
    title: 'looking for secrets of API keys in answers that show no API key',
    guard: 'revealing secrets of API keys alone, where API keys are shown',
    edits: [
      // As a careless representation of accounts might do.
      {
        file: 'rest/present.ts',
        find: '  return entities.map((entity, index) =>\n    call.representations',
        replace:
          "  if (resource === 'account') {\n    const keys = await Promise.all(entities.map(({ id }) => call.engine.list(call.context, { resource: 'apiKey', scope: { by: 'account', id }, offset: 0, limit: 9 })))\n    if (keys.some(({ size }) => size > 0)) return keys.map(({ items }) => JSON.stringify(items.map((key) => call.engine.secretOf(key as Entity<'apiKey'>))))\n  }\n  return entities.map((entity, index) =>\n    call.representations",
      },
    ],
    async run(target) {
      const { client, seen } = watching(target)
      const { apiKey } = await exercise(client)
      const secrets = [apiKey.secret, target.key.secret]
      let shown = 0
      for (const { what, text } of seen) {
        if (!secrets.some((secret) => formsOf(secret).some((form) => text.includes(form)))) continue
        shown++
        if (!/\/apiKeys\b|[?&]expand=[^&]*\b(?:apiKeys|signingApiKey)\b/.test(what))
          return `the secret of an API key is in ${what}`
      }
      return shown > 0 ? undefined : 'no secret was shown at all, so nothing is proved'
    },
  },
  {
    id: 'GOAL-M1',
    title: 'causing a fault that carries credentials, and reading the log',
    guard: 'logging of an error only what never comes from a request',
    probe: [
      {
        file: 'core/engine.ts',
        find: 'attemptLogin: (context, attempt) => ',
        replace:
          "attemptLogin: (context, attempt) => attempt.login === 'fault' ? Promise.reject(Object.assign(new Error('a fault'), { attempt, cause: Object.assign(new Error('its cause'), { attempt }) })) : ",
      },
    ],
    edits: [
      {
        file: 'server/log.ts',
        find: '  return {\n    name,\n    message,',
        replace: '  return {\n    ...error,\n    name,\n    message,',
      },
    ],
    async run(target) {
      const application = await target.newApplication()
      const token = await target.ownerToken()
      const answer = await target.login(application, 'fault', PASSWORD)
      if (answer.status !== 500) return `the fault is answered with ${answer.status}`
      if (
        /fault|cause|Error|\.ts/.test(
          JSON.stringify({ ...answer.body, moreInfo: '' }).replace('An unexpected error occurred', ''),
        )
      )
        return `the fault is told: ${answer.text}`
      await target.fetch('/owner', { method: 'POST', body: new URLSearchParams({ token, password: PASSWORD }) })
      const lines = JSON.stringify(target.log)
      if (!lines.includes('its cause')) return 'the fault is not in the log, so nothing is proved'
      for (const secret of [
        PASSWORD,
        target.key.secret,
        token.split('.')[1] as string,
        basic(target.key).slice(6),
        'fault:',
      ]) {
        if (formsOf(secret).some((form) => lines.includes(form))) return `the log holds ${secret}`
      }
      return undefined
    },
  },
])
