import { type ResourceName, registry } from '../../src/resources/registry.ts'
import { type Route, routes } from '../../src/rest/routes.ts'
import { type Attribute, isHeld } from '../../src/schema/attribute.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { describeAttacks, type Json, PASSWORD, unique } from './attack.ts'
import { addressed, at, bodyFor, idIn, type Population, populate, writeRoutes } from './population.ts'

const declarationOf = (name: string): Resource => registry[name as ResourceName]
const query = (pairs: Record<string, string>): string => `?${new URLSearchParams(pairs)}`

type ListRoute = Extract<Route, { does: 'list' }>
const lists = routes.filter((route): route is ListRoute => route.does === 'list')
const where = (route: Route, own: Population): string => {
  const kind = addressed(route)
  return kind ? at(route, idIn(own[kind], route)) : route.path
}

const pieces = {
  sql: [
    "'",
    "''",
    '"',
    "' or '1'='1",
    "'; drop table accounts; --",
    '1; select pg_sleep(9)',
    '\\',
    '/*',
    '--',
    '$1',
    '?',
    '`',
  ],
  fts: [
    '"',
    '"*',
    'a OR b',
    'a AND b',
    'NOT a',
    'a NEAR/2 b',
    'NEAR(a b)',
    '^abc',
    'abc*',
    'email : x',
    '(abc',
    'abc)',
    '-abc',
    '{a b}',
    '"abc" "',
  ],
  like: ['%', '_', '%%%', '___', '\\%', '\\\\', '%_%', '[a-z]', '[^a]'],
}

describeAttacks('Injection and parsing', [
  {
    id: 'ATTACK-J1',
    title: 'sending operator objects, arrays and numbers where texts are due',
    guard: 'the look at the type of a text',
    edits: [
      {
        file: 'schema/parse-text.ts',
        find: "if (typeof value !== 'string') return refuse('wrongType', { property, expected: 'a string' })",
        replace: "if (typeof value !== 'string') return String(value)",
      },
    ],
    async run(target) {
      const own = await populate(target)
      const values: unknown[] = [
        { $ne: null },
        { $gt: '' },
        { $regex: '.*' },
        {},
        [],
        ['a'],
        [['a']],
        0,
        1,
        9e99,
        true,
        { toString: 'x' },
      ]
      for (const route of writeRoutes) {
        for (const [name, attribute] of Object.entries(declarationOf(route.resource).attributes)) {
          if (attribute.kind !== 'string' || attribute.hidden || attribute.write === 'never') continue
          for (const value of values) {
            const body = { ...(await bodyFor(route, target, own)), [name]: value }
            const { status } = await target.post(where(route as Route, own), body)
            if (status !== 400) return `${status} for ${route.path} with ${name}: ${JSON.stringify(value)}`
          }
        }
      }
      for (const value of values) {
        const attempt = await target.post(own.application.loginAttempts.href, { type: 'basic', value })
        if (attempt.status !== 400) return `${attempt.status} for a log-in with ${JSON.stringify(value)}`
        const named = await target.post(own.application.loginAttempts.href, {
          type: 'basic',
          value: btoa('a:b'),
          accountStore: { nameKey: value },
        })
        if (named.status !== 400) return `${named.status} for a log-in at ${JSON.stringify(value)}`
      }
      for (const name of ['email[$ne]', 'email[]', 'email.$ne', '$where', 'status[$in][]']) {
        const { status } = await target.get(`${own.directory.accounts.href}${query({ [name]: 'x' })}`)
        if (status !== 400) return `${status} for a search by ${name}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J2',
    title: 'writing SQL into names of criteria and orderings',
    guard: 'the lists of what can be searched and sorted by',
    edits: [
      {
        file: 'rest/criteria.ts',
        find: 'return attribute && ',
        replace: "if (!attribute) return { kind: 'string' } as Attribute\n  return attribute && ",
      },
      {
        file: 'rest/order-by.ts',
        find: 'if (!isSortable(resource, name)) refuse',
        replace: 'if (name.length > 99) refuse',
      },
      {
        file: 'storage/search/operand.ts',
        find: 'if (!attribute || !isHeld(attribute)) throw',
        replace:
          'if (!attribute) return { member, column: member, folded: false, nullable: false, indexed: false }\n  if (!isHeld(attribute)) throw',
      },
    ],
    onPostgres: true,
    async run(target) {
      const own = await populate(target)
      const names = [
        'id',
        'tenant_id',
        'email_fold',
        'email)',
        'email--',
        '(select 1)',
        'createdAt;',
        "createdAt'",
        'createdAt desc nulls first',
        'rowid',
        ...pieces.sql,
      ]
      for (const route of lists) {
        const to = where(route, own)
        const required = 'id=x'
        const suffix = /apiKeys$/.test(to) && to.includes('/applications/') ? `&${required}` : ''
        for (const name of names) {
          for (const text of [
            query({ [name]: 'x' }),
            query({ orderBy: name }),
            query({ orderBy: `createdAt, ${name} desc` }),
          ]) {
            if (suffix && name === 'id') continue
            const { status } = await target.get(to + text + suffix)
            if (status !== 400) return `${status} for GET ${route.path}${decodeURIComponent(text)}`
          }
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J2',
    title: 'writing SQL into values and paths into custom data',
    guard: 'parameters in the statements over custom data',
    edits: [
      {
        file: 'storage/search/leaf-criteria.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        find: "const path = sql`l.path = ${criterion.on.customData.join('.')}`",
        replace: `const path = sql.raw("l.path = '" + criterion.on.customData.join('.') + "'")`,
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      await target
        .newAccount(directory, { customData: { plan: 'pro', "it's": 1, nested: { deep: 'x' } } })
        .catch(() => undefined)
      await target.newAccount(directory, { customData: { plan: 'pro' } })
      const accounts = directory.accounts.href
      for (const text of pieces.sql) {
        const tried: [Record<string, string>, number][] = [
          [{ [`customData.${text}`]: 'pro' }, 0],
          [{ [`customData.plan${text}`]: 'pro' }, 0],
          [{ [`customData.a.${text}`]: `*${text}` }, 0],
          [{ 'customData.plan': text }, 0],
          [{ 'customData.plan': `*${text}*` }, 0],
          [{ email: text }, 0],
          [{ email: `${text}*` }, 0],
          [{ email: `*${text}` }, 0],
          [{ username: `*${text}*` }, 0],
          [{ q: text }, 0],
          [{ q: `${text}${text}${text}` }, 0],
        ]
        for (const [pairs, expected] of tried) {
          const { status, body } = await target.get(accounts + query(pairs))
          if (status !== 200) return `${status} for ${JSON.stringify(pairs)}`
          if (body.size !== expected) return `${body.size} found by ${JSON.stringify(pairs)}`
        }
        for (const orderBy of [`customData.${text}`, `customData.plan${text} desc`]) {
          const { status } = await target.get(accounts + query({ orderBy }))
          if (status !== 200 && status !== 400) return `${status} for orderBy=${orderBy}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J2',
    title: 'logging in and naming things with SQL',
    guard: 'parameters in the statements that find by key',
    edits: [
      {
        file: 'storage/reader.ts',
        find: 'const row = await fast.get(known.sql, [tenant, ...compared])',
        replace: `const quoted = (value: unknown) => "'" + value + "'"
      const text = [tenant, ...compared].reduce((sql, value) => sql.replace('?', () => quoted(value)), known.sql)
      const row = await fast.get(text, [])`,
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.newAccount(directory, { email: 'joe@example.com' })
      for (const text of pieces.sql) {
        for (const login of [text, `joe@example.com${text}`, `x' or email_fold = 'joe@example.com${text}`]) {
          const { status } = await target.login(application, login, PASSWORD)
          if (status !== 400) return `${status} for the login ${login}`
        }
        const name = unique(`Group ${text}`)
        const { name: kept, href } = await target.newGroup(directory, { name, description: text })
        if (kept !== name) return `the name ${name} is kept as ${kept}`
        const { items } = await target.read(directory.groups.href + query({ name }))
        if (items.length !== 1 || items[0].href !== href) return `${items.length} groups by the name ${name}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J2',
    title: 'using the wildcards of LIKE as if they were ours',
    guard: 'escaping what means something to LIKE',
    edits: [
      {
        file: 'storage/search/sql.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        find: 'text.replace(/[\\\\%_]/g, (sign) => `\\\\${sign}`)',
        replace: 'text',
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      for (const name of ['plain', 'hundred % sure', 'snake_case', 'back\\slash', 'both %_']) {
        await target.newGroup(directory, { name, description: name })
      }
      for (const text of pieces.like) {
        const names = ['plain', 'hundred % sure', 'snake_case', 'back\\slash', 'both %_'].filter((name) =>
          name.includes(text),
        )
        for (const pairs of [{ name: `*${text}*` }, { q: text }, { description: `*${text}*` }] as Record<
          string,
          string
        >[]) {
          const { status, body } = await target.get(directory.groups.href + query(pairs))
          if (status !== 200) return `${status} for ${JSON.stringify(pairs)}`
          const found = body.items.map((item: Json) => item.name).toSorted()
          if (found.join() !== names.toSorted().join()) return `${JSON.stringify(pairs)} finds ${found}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J2 ATTACK-J11',
    title: 'writing the syntax of full-text search into a search',
    guard: 'asking for trigrams in quotes',
    edits: [
      {
        file: 'storage/search/trigrams.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        find: "chosen.map((trigram) => `\"${trigram.replaceAll('\"', '\"\"')}\"`).join(' AND ')",
        replace: "chosen.join(' AND ')",
      },
      // Without the shortcut for small collections, which needs no index.
      {
        file: 'storage/search/search.ts',
        find: 'const texts = sqlite && !options.small && driver',
        replace: 'const texts = sqlite && driver',
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      await target.newAccount(directory, { givenName: 'abcdef', surname: 'a or b' })
      for (const text of [...pieces.fts, ...pieces.sql].map((piece) => `zz${piece}zz`).concat(pieces.fts)) {
        const { status } = await target.get(directory.accounts.href + query({ q: text }))
        if (status !== 200) return `${status} for q=${text}`
        const inName = await target.get(directory.accounts.href + query({ givenName: `*${text}*` }))
        if (inName.status !== 200) return `${inName.status} for givenName=*${text}*`
      }
      const { size } = await target.read(directory.accounts.href + query({ q: 'a OR b' }))
      return size === 1 ? undefined : `${size} accounts found by a text that one holds`
    },
  },
  {
    id: 'ATTACK-J3 ATTACK-F11',
    title: 'searching and sorting by what is secret or hidden',
    guard: 'the marks of what can be searched and sorted by',
    edits: [
      {
        file: 'rest/criteria.ts',
        find: "return attribute && 'search' in attribute && attribute.search ? attribute : undefined",
        replace: 'return attribute',
      },
      {
        file: 'rest/order-by.ts',
        find: "return attribute !== undefined && 'sort' in attribute && attribute.sort === true",
        replace: 'return attribute !== undefined',
      },
    ],
    async run(target) {
      const own = await populate(target)
      for (const route of lists) {
        const { attributes, links } = declarationOf(route.resource)
        const closed = (mark: 'search' | 'sort') =>
          Object.entries(attributes as Record<string, Attribute & { search?: boolean; sort?: boolean }>)
            .filter(([, attribute]) => !attribute[mark])
            .map(([name]) => name)
        const to = where(route, own)
        const required = 'requires' in (declarationOf(route.owner).links[route.link] ?? {}) ? '&id=x' : ''
        const requests = [
          ...[...closed('search'), ...Object.keys(links), 'password_hash', 'id.x'].map((name) =>
            query({ [name]: '*a*' }),
          ),
          ...[...closed('sort'), ...Object.keys(links), 'password_hash'].map((name) => query({ orderBy: name })),
        ]
        for (const text of requests) {
          const { status } = await target.get(to + text + required)
          if (status !== 400) return `${status} for GET ${route.path}${text}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J5 ATTACK-R12',
    title: 'sending names of prototypes in bodies, queries and custom data',
    guard: 'refusing the name in custom data',
    edits: [
      { file: 'core/custom-data.ts', find: "!NAME.test(name) || name === '__proto__'", replace: '!NAME.test(name)' },
    ],
    async run(target) {
      const own = await populate(target)
      const bodies = [
        '{"__proto__":{"admin":true,"status":"DISABLED"}}',
        '{"constructor":{"prototype":{"admin":true}}}',
        '{"prototype":{"admin":true}}',
        '{"toString":1}',
        '{"hasOwnProperty":null}',
      ]
      for (const route of writeRoutes) {
        for (const body of bodies) {
          const { status } = await target.post(where(route as Route, own), body)
          if (status !== 400) return `${status} for POST ${route.path} with ${body}`
        }
      }
      for (const name of [
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        '__proto__[admin]',
        'constructor.prototype.admin',
      ]) {
        for (const pairs of [{ [name]: 'true' }, { orderBy: name }, { expand: name }]) {
          const { status } = await target.get(own.directory.accounts.href + query(pairs as Record<string, string>))
          if (status !== 400) return `${status} for a list with ${JSON.stringify(pairs)}`
        }
      }
      const data = own.account.customData.href
      const refused = await target.post(data, '{"__proto__":{"admin":true}}')
      if (refused.status !== 400) return `${refused.status} for custom data with a member __proto__`
      const plain = '{"constructor":{"prototype":{"admin":true}},"inner":{"__proto__":{"admin":true}}}'
      const kept = await target.post(data, plain)
      if (kept.status !== 200) return `${kept.status} for custom data with names inside`
      if (!kept.text.includes('"inner":{"__proto__":{"admin":true}}')) return `it is kept as ${kept.text}`
      if (!(await target.get(`${own.account.href}?expand=customData`)).text.includes('"__proto__":{"admin":true}'))
        return 'lost in an expansion'
      if (
        (await target.get(own.directory.accounts.href + query({ 'customData.inner.__proto__.admin': 'true' }))).body
          .size !== 1
      )
        return 'not found by its path'
      // The attacked service runs in this process: what it pollutes is polluted here.
      return 'admin' in {} || 'admin' in Object || 'status' in {} ? 'every object is an administrator now' : undefined
    },
  },
  {
    id: 'ATTACK-J6',
    title: 'sending NUL and halves of characters in bodies and queries',
    guard: 'the look for text that cannot be stored',
    edits: [
      {
        file: 'std/text.ts',
        find: "return !text.includes('\\0') && text.isWellFormed()",
        replace: 'return text.length >= 0',
      },
    ],
    onPostgres: true,
    async run(target) {
      const own = await populate(target)
      const bad = ['\\u0000', '\\ud800', '\\udc00x', 'a\\u0000b', '\\ud800\\ud800']
      for (const route of writeRoutes) {
        const base = await bodyFor(route, target, own)
        for (const [name, attribute] of Object.entries(declarationOf(route.resource).attributes)) {
          if (!['string', 'strings'].includes(attribute.kind) || ('hidden' in attribute && attribute.hidden)) continue
          if (!isHeld(attribute) || attribute.write === 'never') continue
          for (const text of bad) {
            const value = attribute.kind === 'strings' ? `["${text}"]` : `"${text}"`
            const body = JSON.stringify({ ...base, [name]: 'PLACE' }).replace('"PLACE"', value)
            const { status } = await target.post(where(route as Route, own), body)
            if (status !== 400) return `${status} for ${route.path} with ${name}: ${text}`
          }
        }
      }
      for (const text of bad) {
        for (const body of [`{"${text}":1}`, `{"a":"${text}"}`, `{"a":[{"${text}":1}]}`]) {
          const { status } = await target.post(own.account.customData.href, body)
          if (status !== 400) return `${status} for custom data ${body}`
        }
        const value = Buffer.from(JSON.parse(`"${text}:x"`)).toString('base64')
        const { status } = await target.post(own.application.loginAttempts.href, { type: 'basic', value })
        if (status !== 400) return `${status} for a log-in as ${text}`
      }
      for (const text of ['%00', 'a%00', '%ed%a0%80', '%ff', '%c0%80', '%']) {
        for (const search of [
          `q=${text}`,
          `email=${text}`,
          `customData.a=${text}`,
          `${text}=1`,
          `customData.${text}=1`,
          `orderBy=${text}`,
          `expand=${text}`,
        ]) {
          const { status } = await target.get(`${own.directory.accounts.href}?${search}`)
          if (status !== 400) return `${status} for ?${search}`
        }
        const field = await target.delete(`${own.account.customData.href}/${text}`)
        if (field.status >= 500) return `${field.status} for the member ${text}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-J6 GOAL-G3',
    title: 'sending texts of every excessive length',
    guard: 'the lengths of attributes',
    edits: [
      {
        file: 'schema/parse-text.ts',
        find: "if (max !== undefined && value.length > max) refuse('tooLong', { property, max })",
        replace: '',
      },
    ],
    onPostgres: true,
    async run(target) {
      const own = await populate(target)
      for (const route of writeRoutes) {
        for (const [name, attribute] of Object.entries(declarationOf(route.resource).attributes)) {
          if (attribute.kind !== 'string' || attribute.hidden || attribute.write === 'never') continue
          for (const length of [(attribute.max ?? 255) + 1, 110_000, 900_000]) {
            const tail = attribute.format === 'email' ? '@example.com' : ''
            const body = { ...(await bodyFor(route, target, own)), [name]: 'x'.repeat(length - tail.length) + tail }
            const { status } = await target.post(where(route as Route, own), body)
            if (status !== 400) return `${status} for ${length} characters of ${name} at ${route.path}`
          }
        }
      }
      return undefined
    },
  },
])
