import { type ResourceName, registry } from '../../src/resources/registry.ts'
import { type Route, routes } from '../../src/rest/routes.ts'
import { type Attribute, isHeld } from '../../src/schema/attribute.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { type Answer, type Client, describeAttacks, idOf, type Json, link, PASSWORD, type Target } from './attack.ts'
import {
  addressed,
  at,
  bodyFor,
  idIn,
  isWrite,
  type Population,
  populate,
  type WriteRoute,
  writeRoutes,
} from './population.ts'

const MARK = 'MASS-ASSIGNED'
const LONG_AGO = '2001-01-01T00:00:00.000Z'
const declarationOf = (name: string): Resource => registry[name as ResourceName]

describeAttacks('Ownership', [
  {
    id: 'ATTACK-F2 GOAL-K4',
    title: 'writing what the house keeps for itself, in every body',
    guard: 'bodies that know no hidden attributes, and never set one',
    edits: [
      {
        file: 'schema/parse.ts',
        find: 'if (!isWritable(attribute, mode)) continue',
        replace: 'if (!isWritable(attribute, mode) && !Object.hasOwn(members, name)) continue',
      },
      { file: 'schema/parse.ts', find: 'if (isHeld(attribute) && attribute.hidden) continue', replace: '' },
    ],
    async run(target) {
      const own = await populate(target)
      return writeEverywhere(
        target,
        own,
        (resource) => {
          const hidden = Object.entries(resource.attributes).filter(([, each]) => 'hidden' in each && each.hidden)
          const links = Object.entries(resource.links).filter(([, each]) => each.kind === 'one' && each.hidden)
          const names = [...hidden, ...links].map(([name]) => name)
          const columns = [
            'tenantId',
            'tenant_id',
            'passwordHash',
            'role',
            'isAdmin',
            'administrator',
            'emailVerified',
            '_id',
          ]
          const probes = [...names, ...columns, ...names.map(snake)].map((name) => [name, MARK] as const)
          return [...probes, ...(resource.showsId ? [] : [['id', MARK] as const])]
        },
        ({ status, body }) => (status === 400 && body.code === 2015 ? undefined : `answer ${status} ${body?.code}`),
      )
    },
  },
  {
    id: 'ATTACK-F2 GOAL-K4',
    title: 'writing what may only be read, in every body',
    guard: 'leaving out what no client may set',
    edits: [
      {
        file: 'schema/parse.ts',
        find: 'if (!isWritable(attribute, mode)) continue',
        replace: 'if (!isWritable(attribute, mode) && !Object.hasOwn(members, name)) continue',
      },
    ],
    async run(target) {
      const [own, foreign] = [await populate(target), await populate(await target.stranger())]
      return writeEverywhere(
        target,
        own,
        (resource) => {
          const attributes = Object.entries(resource.attributes)
            .filter(([, each]) => !isHeld(each) || each.write === 'never')
            .map(([name, attribute]) => [name, probeOf(attribute)] as const)
          const times = ['createdAt', 'modifiedAt'].map((name) => [name, LONG_AGO] as const)
          const place = [
            ['href', `${target.baseUrl}/${resource.path}/${MARK}`] as const,
            ...('tenant' in resource.links ? [['tenant', link(foreign.tenant)] as const] : []),
          ]
          return [...attributes, ...times, ...place, ...(resource.showsId ? [['id', MARK] as const] : [])]
        },
        untouchedBy(target, foreign),
      )
    },
  },
  {
    id: 'ATTACK-F3',
    title: 'pointing the links of what exists at something else',
    guard: 'setting links at creation only',
    edits: [
      {
        file: 'schema/link.ts',
        find: "(write === 'create' && mode === 'create')",
        replace: "write === 'create'",
      },
    ],
    onPostgres: true,
    async run(target) {
      const [own, other] = [await populate(target), await populate(target)]
      const updates = writeRoutes.filter(({ does }) => does === 'update')
      for (const route of updates) {
        const to = pathOf(route, own)
        for (const [name, declared] of Object.entries(declarationOf(route.resource).links)) {
          if (
            declared.kind === 'action' ||
            declared.kind === 'endpoint' ||
            declared.kind === 'secret' ||
            declared.kind === 'many'
          )
            continue
          const kind = declared.kind === 'one' ? declared.targets[0] : declared.target
          const before = (await target.get(to)).body
          const { status } = await target.post(to, { [name]: link(other[kind as ResourceName]) })
          if (status >= 500) return `POST ${to} with ${name}: ${status}`
          const after = (await target.get(to)).body
          if (JSON.stringify(after[name]) !== JSON.stringify(before[name])) return `POST ${to} moved ${name}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F9 GOAL-K1',
    title: 'asking for everything of another tenant by id, on every route with every method',
    guard: 'the tenant in the statements that read by id',
    edits: [
      {
        file: 'storage/statements.ts',
        find: "const byId = 'tenant_id = ? and id = ?'",
        replace: "const byId = '? is not null and id = ?'",
      },
    ],
    onPostgres: true,
    async run(target) {
      const stranger = await target.stranger()
      const [own, foreign] = [await populate(target), await populate(stranger)]
      const everything = async () => {
        const texts: string[] = []
        for (const { href } of Object.values(foreign)) texts.push((await stranger.get(href)).text)
        return texts.join('\n')
      }
      const before = await everything()
      for (const route of routes) {
        const kind = addressed(route)
        if (!kind) continue
        const body = await anyBody(route, target, own)
        const foreignId = idIn(foreign[kind], route)
        const nobodys = foreignId.replaceAll(/./g, (letter) => (letter === 'x' ? 'y' : 'x'))
        for (const [method, query] of variants(route)) {
          const send = (id: string) =>
            target.request(
              method,
              at(route, id) + query,
              method === 'POST' && query !== '?_method=DELETE' ? { body } : {},
            )
          const [theirs, none] = [await send(foreignId), await send(nobodys)]
          const what = `${method} ${route.path}${query}`
          if (![404, 405].includes(theirs.status)) return `${what}: ${theirs.status} ${theirs.text}`
          if (told(theirs) !== told(none)) return `${what}: ${told(theirs)} but ${told(none)} for nobody's`
        }
        const mine = route.method === 'GET' ? await target.get(at(route, idIn(own[kind], route))) : undefined
        // tokens of others are looked at where their answers are (test/conformance/password-reset.test.ts)
        if (mine?.status === 404 && !route.path.includes(':token'))
          return `GET ${route.path} gives nothing at all, so nothing is proved`
      }
      return (await everything()) === before ? undefined : 'something of the other tenant was changed'
    },
  },
  {
    id: 'ATTACK-R13 GOAL-K2',
    title: 'naming things of another tenant in bodies',
    guard: 'the tenant in reads by id and in the keys between tables',
    edits: [
      {
        file: 'storage/statements.ts',
        find: "const byId = 'tenant_id = ? and id = ?'",
        replace: "const byId = '? is not null and id = ?'",
      },
      {
        file: 'storage/sqlite/open.ts',
        find: 'enableForeignKeyConstraints: true',
        replace: 'enableForeignKeyConstraints: false',
      },
    ],
    onPostgres: true,
    async run(target) {
      const [own, foreign] = [await populate(target), await populate(await target.stranger())]
      return eachReference(target, own, async (send, kind, what) => {
        const { href } = foreign[kind]
        const theirs = await send(href)
        const none = await send(href.replace(idOf(foreign[kind]), 'x'.repeat(22)))
        if (theirs.status < 400 || theirs.status >= 500) return `${what}: ${theirs.status} ${theirs.text}`
        return told(theirs) === told(none) ? undefined : `${what}: ${told(theirs)} but ${told(none)} for nobody's`
      })
    },
  },
  {
    id: 'ATTACK-R13 GOAL-K2',
    title: 'naming things by addresses of other hosts, kinds and paths in bodies',
    guard: 'the base URL at the beginning of every address',
    edits: [
      {
        file: 'core/href.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        find: 'if (!href.startsWith(`${base}/`)) return undefined\n      const path = href.slice(base.length)',
        replace: "const path = URL.parse(href, base)?.pathname.replace('/v1', '') ?? ''",
      },
    ],
    async run(target) {
      const own = await populate(target)
      return eachReference(target, own, async (send, kind, what) => {
        const { href } = own[kind]
        const path = href.slice(target.baseUrl.length)
        const host = new URL(target.baseUrl).host
        const wrong: unknown[] = [
          `https://evil.example/v1${path}`,
          `http://${host}@evil.example/v1${path}`,
          `http://${host}.evil.example/v1${path}`,
          `//${host}/v1${path}`,
          `/v1${path}`,
          path,
          idOf(own[kind]),
          `${target.baseUrl}/../v1${path}`,
          `${target.baseUrl}/applications/../${path}`,
          `${target.baseUrl}${path}/customData`,
          `${target.baseUrl}/tenants/${idOf(own.tenant)}`,
          `javascript:alert(1)//${path}`,
          `\n${href}`,
          `${target.baseUrl}\0${path}`,
          'file:///etc/passwd',
          '',
          null,
          7,
          [href],
          { href },
        ]
        for (const one of wrong) {
          const answer = await send(one)
          if (answer.status < 400 || answer.status >= 500) return `${what} ${JSON.stringify(one)}: ${answer.status}`
        }
        return undefined
      })
    },
  },
  {
    id: 'ATTACK-F13',
    title: 'putting an account into a group of another directory',
    guard: 'the look whether both are of one directory',
    edits: [{ file: 'core/group-memberships.ts', find: 'account.directory !== group.directory', replace: 'false' }],
    onPostgres: true,
    async run(target) {
      const [here, there] = [await target.newDirectory(), await target.newDirectory()]
      const [account, group] = [await target.newAccount(here), await target.newGroup(there)]
      const { status } = await target.post('/groupMemberships', { account: link(account), group: link(group) })
      if (status !== 400) return `${status} for a membership across directories`
      const { size } = await target.read(group.accounts.href)
      return size === 0 ? undefined : 'the account is in the group'
    },
  },
  {
    id: 'ATTACK-F13',
    title: 'mapping an organization to itself and to another, round in a circle',
    guard: 'the rule that an organization has no organizations',
    edits: [
      {
        file: 'core/account-store-mappings.ts',
        find: "if (side === 'organization' && store.resource === 'organization') refuse('organizationInOrganization', {})",
        replace: '',
      },
    ],
    async run(target) {
      const [one, two] = [await target.newOrganization(), await target.newOrganization()]
      for (const [outer, inner] of [
        [one, one],
        [one, two],
        [two, one],
      ] as const) {
        const { status } = await target.post('/organizationAccountStoreMappings', {
          organization: link(outer),
          accountStore: link(inner),
        })
        if (status < 400 || status >= 500) return `${status} for an organization in an organization`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F14',
    title: 'deleting and disabling the owner of the tenant as another administrator',
    guard: 'what is said of the owner before accounts are changed and deleted',
    edits: [
      {
        file: 'core/accounts.ts',
        find: "if (await isOwner(work.tx, before)) refuse('ownerStatusFixed', {})",
        replace: '',
      },
      {
        file: 'core/accounts.ts',
        find: "if (await isOwner(work.tx, account)) refuse('ownerUndeletable', {})",
        replace: '',
      },
    ],
    onPostgres: true,
    async run(target) {
      const stranger = await target.stranger()
      const { administrators, owner } = await household(stranger)
      const other = stranger.as(await stranger.newApiKey(await stranger.newAccount(administrators)))
      for (const status of ['DISABLED', 'disabled', 'UNVERIFIED']) {
        const answer = await other.post(owner.href, { status })
        if (answer.status < 400) return `the owner is ${status}: ${answer.status}`
      }
      for (const answer of [await other.delete(owner.href), await other.post(`${owner.href}?_method=DELETE`)]) {
        if (answer.status < 400) return `the owner is deleted: ${answer.status}`
      }
      return (await stranger.read(owner.href)).status === 'ENABLED' ? undefined : 'the owner is not enabled any more'
    },
  },
  {
    id: 'ATTACK-F14',
    title: 'deleting the console and the directory of administrators, and with them every administrator',
    guard: 'what is said of both before they are deleted',
    edits: [
      {
        file: 'core/directories.ts',
        find: 'tenant?.administratorsDirectory === directory.id',
        replace: 'tenant === undefined',
      },
      {
        file: 'core/applications.ts',
        find: 'tenant?.consoleApplication === application.id',
        replace: 'tenant === undefined',
      },
    ],
    async run(target) {
      const stranger = await target.stranger()
      const { administrators, console: application } = await household(stranger)
      for (const { href } of [application, administrators]) {
        for (const answer of [await stranger.delete(href), await stranger.post(`${href}?_method=DELETE`)]) {
          if (answer.status < 400) return `${href} is deleted: ${answer.status}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F17',
    title: 'registering through an application whose default store is disabled',
    guard: 'the look at the state of the default store',
    edits: [
      {
        file: 'core/account-stores.ts',
        find: "if (found.status === 'DISABLED') return refuse('defaultAccountStoreDisabled', from)",
        replace: '',
      },
    ],
    async run(target) {
      const own = await populate(target)
      await target.update(own.directory.href, { status: 'DISABLED' })
      for (const { accounts } of [own.application, own.organization]) {
        const { status } = await target.post(accounts.href, { email: 'new@example.com', password: PASSWORD })
        if (status < 400) return `an account is made through ${accounts.href}: ${status}`
      }
      return undefined
    },
  },
  {
    id: 'GOAL-K7 ATTACK-G1',
    title:
      'logging in past a disabled account, group, directory, organization and application, and past a lost mapping',
    guard: 'what is looked at after the password',
    edits: [
      { file: 'core/authentication/login.ts', find: 'if (disabled) return new Problem(disabled, {})', replace: '' },
      {
        file: 'core/authentication/login.ts',
        find: "if (account.status === 'DISABLED') return new Problem('accountDisabled', {})",
        replace: '',
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      const [group, organization] = [await target.newGroup(directory), await target.newOrganization()]
      const account = await target.newAccount(directory, { email: 'joe@example.com' })
      await target.newMembership(account, group)
      await target.newOrganizationMapping(organization, directory)
      for (const store of [directory, group, organization]) {
        const application = await target.newApplication()
        const mapping = await target.newMapping(application, store)
        const login = async () => (await target.login(application, 'joe@example.com', PASSWORD)).status
        if ((await login()) !== 200) return 'the right password is refused at first'
        for (const one of new Set([account, directory, store, application])) {
          for (const state of one === account ? ['DISABLED', 'UNVERIFIED'] : ['DISABLED']) {
            await target.update(one.href, { status: state })
            if ((await login()) === 200) return `a log-in through ${store.href} while ${one.href} is ${state}`
          }
          await target.update(one.href, { status: 'ENABLED' })
          if ((await login()) !== 200) return `no log-in when ${one.href} is enabled again`
        }
        await target.remove(mapping.href)
        if ((await login()) === 200) return `a log-in after the mapping of ${store.href} is gone`
      }
      return undefined
    },
  },
])

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** An answer without what is new in each. */
const told = ({ status, body }: Answer): string =>
  JSON.stringify([status, { ...body, requestId: undefined }]).replaceAll(/[0-9A-Za-z]{22}/g, 'ID')

function probeOf(attribute: Attribute): unknown {
  switch (attribute.kind) {
    case 'datetime':
      return LONG_AGO
    case 'integer':
      return 77
    case 'boolean':
      return true
    case 'strings':
      return [MARK]
    case 'enum':
      return attribute.values.at(-1)
    default:
      return MARK
  }
}

/** The address of a write among what exists. */
function pathOf(route: WriteRoute, own: Population): string {
  const kind = addressed(route)
  return kind ? at(route, idIn(own[kind], route)) : route.path
}

/** Sends every write once for each probe, and tells the first that `judge` finds harm in. */
async function writeEverywhere(
  target: Target,
  own: Population,
  probesOf: (resource: Resource) => readonly (readonly [string, unknown])[],
  judge: (answer: Answer, name: string, value: unknown) => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  for (const route of writeRoutes) {
    for (const [name, value] of probesOf(declarationOf(route.resource))) {
      const body = await bodyFor(route, target, own)
      const answer = await target.post(pathOf(route, own), { ...body, [name]: value })
      const harm = await judge(answer, name, value)
      if (harm) return `POST ${route.path} with ${name}: ${harm}`
    }
  }
  return undefined
}

/** Accepted, and nothing of the value taken over. */
function untouchedBy(target: Target, foreign: Population) {
  return async ({ status, body, text }: Answer, name: string): Promise<string | undefined> => {
    if (status !== 200 && status !== 201) return `${status} ${text}`
    const stored = await target.get(body.href)
    if (stored.status !== 200) return `it cannot be read afterwards: ${stored.status}`
    for (const shown of [text, stored.text]) {
      for (const trace of [MARK, LONG_AGO, idOf(foreign.tenant)])
        if (shown.includes(trace)) return `${name} is now ${trace}`
    }
    return undefined
  }
}

/** The methods by which a route is tried, and what is appended to its address. */
function variants(route: Route): [method: string, query: string][] {
  const tried: [string, string][] = ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH'].map((method) => [method, ''])
  const kind = 'resource' in route ? route.resource : undefined
  const links = kind ? Object.keys(declarationOf(kind).links).slice(0, 2) : []
  return [...tried, ['POST', '?_method=DELETE'], ...links.map((name): [string, string] => ['GET', `?expand=${name}`])]
}

async function anyBody(route: Route, client: Client, own: Population): Promise<Json> {
  if (isWrite(route)) return bodyFor(route, client, own)
  if (route.does === 'act') return { type: 'basic', value: Buffer.from('joe@example.com:secret').toString('base64') }
  return { note: 'mine' }
}

type SendReference = (href: unknown) => Promise<Answer>

/** Every member of a body that names something by its address, in a request that is right but for that. */
async function eachReference(
  target: Target,
  own: Population,
  attack: (send: SendReference, kind: ResourceName, what: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const stores = ['directory', 'group', 'organization'] as const
  for (const kind of stores) {
    const body = { type: 'basic', value: Buffer.from('joe@example.com:secret').toString('base64') }
    const send: SendReference = (href) =>
      target.post(own.application.loginAttempts.href, { ...body, accountStore: { href } })
    const harm = await attack(send, kind, `loginAttempts accountStore ${kind}`)
    if (harm) return harm
  }
  for (const route of writeRoutes) {
    if (route.does !== 'create' || route.owner) continue
    for (const [name, declared] of Object.entries(declarationOf(route.resource).links)) {
      if (declared.kind !== 'one' || declared.write === 'never') continue
      for (const kind of declared.targets as ResourceName[]) {
        const send: SendReference = async (href) =>
          target.post(route.path, { ...(await bodyFor(route, target, own)), [name]: { href } })
        const harm = await attack(send, kind, `${route.path} ${name} ${kind}`)
        if (harm) return harm
      }
    }
  }
  return undefined
}

async function household(owner: Client): Promise<{ administrators: Json; console: Json; owner: Json }> {
  const administrators = (await owner.read('/directories?name=Stormpath%20Administrators')).items[0]
  const application = (await owner.read('/applications?name=Stormpath')).items[0]
  return { administrators, console: application, owner: (await owner.read(administrators.accounts.href)).items[0] }
}
