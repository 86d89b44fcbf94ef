import { describeAttacks } from './attack.ts'
import { populate } from './population.ts'

const nested = (depth: number, open: string, close: string, core = '1'): string =>
  open.repeat(depth) + core + close.repeat(depth)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * The least that `evil` takes over the least that `harmless` takes, by `measure`. Both are taken again as long as it is
 * above `bearable`, for something else may have held the machine up: noise can delay the verdict that there is no harm.
 * The harmless one is quick, so it is asked more often than its least needs.
 */
async function ratio<T>(
  evil: T,
  harmless: T,
  bearable: number,
  measure: (what: T) => Promise<number>,
): Promise<number> {
  const least = { evil: Number.POSITIVE_INFINITY, harmless: Number.POSITIVE_INFINITY }
  for (let round = 0; round < 8; round++) {
    for (let time = 0; time < 4; time++) least.harmless = Math.min(least.harmless, await measure(harmless))
    least.evil = Math.min(least.evil, await measure(evil))
    if (least.evil <= bearable * least.harmless) break
  }
  return least.evil / least.harmless
}

describeAttacks('Abuse of bounds', [
  {
    id: 'ATTACK-J11 ATTACK-R12 GOAL-G4',
    title: 'nesting arrays and objects deeper than any stack',
    guard: 'measuring the depth before anything is parsed',
    edits: [
      {
        file: 'std/json.ts',
        find: "if (tooDeep) throw new JsonError('depth', `JSON is nested deeper than $",
        replace: "if (tooDeep && maxDepth < 0) throw new JsonError('depth', `JSON is nested deeper than $",
      },
    ],
    onPostgres: true,
    async run(target) {
      const own = await populate(target)
      const data = own.account.customData.href
      const deep = [
        `{"a":${nested(101, '[', ']')}}`,
        `{"a":${nested(500, '[', ']')}}`,
        `{"a":${nested(200_000, '[', ']')}}`,
        nested(150_000, '{"a":', '}'),
        '['.repeat(500_000),
        '{"a":'.repeat(100_000),
        `{"a":${nested(50_000, '[{"b":', '}]')}}`,
      ]
      for (const body of deep) {
        for (const to of [data, own.account.href, own.directory.accounts.href, '/applications']) {
          const { status } = await target.post(to, body)
          if (status !== 400) return `${status} for ${body.length} characters of brackets at ${to}`
        }
      }
      const bearable = await target.post(data, `{"a":${nested(90, '[', ']')}}`)
      return bearable.status === 200 ? undefined : `${bearable.status} for what is not too deep`
    },
  },
  {
    id: 'ATTACK-J11',
    title: 'sending huge arrays, many members and long numbers',
    guard: 'bounds on what is written into the index over custom data',
    edits: [
      { file: 'std/json-leaves.ts', find: 'found.length === maxLeaves', replace: 'found.length < 0' },
      {
        file: 'std/json-leaves.ts',
        find: 'if (text.length > maxBytes) return false',
        replace: 'if (text.length >= 0) return true',
      },
    ],
    async run(target) {
      const own = await populate(target)
      const data = own.account.customData.href
      const bodies = [
        `{"a":[${Array.from({ length: 50_000 }, (_, i) => i).join()}]}`,
        `{"a":{${Array.from({ length: 20_000 }, (_, i) => `"m${i}":${i}`).join()}}}`,
        `{"a":${'9'.repeat(500_000)}}`,
        `{"a":1e${'9'.repeat(1000)}}`,
        `{"a":"${'\\u00df'.repeat(100_000)}"}`,
        `{"${'n'.repeat(200)}":{"${'k'.repeat(500_000)}":[${Array(1000).fill(1).join()}]}}`,
      ]
      const plain = JSON.stringify({ a: 'x'.repeat(600_000) })
      for (const body of bodies) {
        const { status, text } = await target.post(data, body)
        if (status !== 200 && status !== 400) return `${status} for ${body.slice(0, 50)}: ${text.slice(0, 200)}`
        const times = await ratio(body, plain, 15, async (sent) => {
          await target.remove(data)
          return timed(() => target.post(data, sent))
        })
        if (times > 15) return `${Math.round(times)} times as long as plain text for ${body.slice(0, 50)}`
        await target.remove(data)
      }
      const lists = await target.post(own.application.href, { authorizedCallbackUris: Array(100_000).fill('') })
      if (lists.status >= 500) return `${lists.status} for a list of a hundred thousand texts`
      const many = `{${Array.from({ length: 60_000 }, (_, i) => `"m${i}":1`).join()}}`
      const unknown = await target.post('/applications', many)
      if (unknown.status !== 400) return `${unknown.status} for sixty thousand unknown members`
      return undefined
    },
  },
  {
    id: 'ATTACK-J13 GOAL-G3',
    title: 'importing hashes that cost minutes and gigabytes to verify',
    guard: 'the bounds on the cost of imported hashes',
    edits: [
      { file: 'crypto/passwords/bcrypt.ts', find: 'const maxCost = 14', replace: 'const maxCost = 31' },
      {
        file: 'crypto/passwords/scrypt-cost.ts',
        find: "if (memory > maxMemory || memory * p > maxWork) return 'unsupported'",
        replace: '',
      },
      {
        file: 'crypto/passwords/stormpath2.ts',
        find: 'const maxIterations = 1_000_000',
        replace: 'const maxIterations = 1e15',
      },
    ],
    async run(target) {
      const directory = await target.newDirectory()
      const [salt, tag] = ['A'.repeat(22), 'B'.repeat(43)]
      const bombs = [
        `$2b$31$${'a'.repeat(53)}`,
        `$2a$20$${'a'.repeat(53)}`,
        `$2y$99$${'a'.repeat(53)}`,
        `$argon2id$v=19$m=4194304,t=3,p=1$${salt}$${tag}`,
        `$argon2id$v=19$m=19456,t=4294967295,p=1$${salt}$${tag}`,
        `$argon2id$v=19$m=19456,t=2,p=16777215$${salt}$${tag}`,
        `$argon2id$v=19$m=-1,t=2,p=1$${salt}$${tag}`,
        `$scrypt$ln=30,r=8,p=1$${salt}$${tag}`,
        `$scrypt$ln=17,r=8,p=1000000$${salt}$${tag}`,
        `$scrypt$ln=99999,r=8,p=1$${salt}$${tag}`,
        `$stormpath2$SHA-512$2147483647$c2FsdA==$${Buffer.alloc(64).toString('base64')}`,
        `$pbkdf2-sha256$i=2147483647$${salt}$${tag}`,
        `$pbkdf2-sha256$2147483647$${salt}$${tag}`,
        `pbkdf2_sha256$2147483647$salt$${Buffer.alloc(32).toString('base64')}`,
        `$argon2id$${'$'.repeat(3000)}`,
        `$2b$${'1'.repeat(4000)}`,
      ]
      for (const password of bombs) {
        const email = `bomb-${bombs.indexOf(password)}@example.com`
        const { status, text } = await target.post(`${directory.accounts.href}?passwordFormat=mcf`, { email, password })
        if (status !== 400) return `${status} for the hash ${password.slice(0, 60)}: ${text.slice(0, 100)}`
      }
      const { size } = await target.read(directory.accounts.href)
      return size === 0 ? undefined : `${size} accounts were made`
    },
  },
  {
    id: 'ATTACK-J6 GOAL-G3',
    title: 'having passwords of a megabyte hashed',
    guard: 'the bounds on bodies, texts and passwords, one behind the other',
    edits: [
      {
        file: 'rest/routes.ts',
        find: "if (['act', 'useToken', 'useSecret'].includes(operation.does)) return bodyLimits.authentication",
        replace: "if (operation.does === 'act') return bodyLimits.large",
      },
      {
        file: 'crypto/passwords/passwords.ts',
        find: 'if (password.length <= maxCodePoints) return false',
        replace: 'if (password.length >= 0) return false',
      },
      {
        file: 'schema/parse-text.ts',
        find: "if (max !== undefined && value.length > max) refuse('tooLong', { property, max })",
        replace: '',
      },
      {
        file: 'core/policies/password-strength.ts',
        find: "if (length > rules.maxLength) refuse('passwordTooLong', { max: rules.maxLength })",
        replace: '',
      },
    ],
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.newAccount(directory, { email: 'joe@example.com' })
      const long = 'Ab1-'.repeat(230_000)
      const login = await target.login(application, 'joe@example.com', long)
      if (login.status !== 413) return `${login.status} for a log-in with a password of a megabyte`
      const bearable = await target.login(application, 'joe@example.com', 'Ab1-'.repeat(4_000))
      if (bearable.status !== 400) return `${bearable.status} for a log-in with a password of 16,000 characters`
      for (const password of [long, 'Ab1-'.repeat(1_025), 'Ab1-'.repeat(300), '\u{1f600}'.repeat(600)]) {
        const created = await target.post(directory.accounts.href, { email: 'long@example.com', password })
        if (created.status !== 400)
          return `${created.status} for an account with a password of ${password.length} characters`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-R12',
    title: 'taking reserved, empty, long and strange names in custom data, and more than ten megabytes of it',
    guard: 'the rules of names and the size of custom data',
    edits: [
      {
        file: 'core/custom-data.ts',
        find: "if (RESERVED.has(name)) refuse('customDataNameReserved', { name })",
        replace: '',
      },
      {
        file: 'core/custom-data.ts',
        find: 'if (Buffer.byteLength(json) > CUSTOM_DATA_LIMIT) refuse',
        replace: 'if (json.length < 0) refuse',
      },
    ],
    onPostgres: true,
    async run(target) {
      const own = await populate(target)
      for (const owner of [own.account, own.group, own.directory, own.application, own.organization, own.tenant]) {
        for (const name of [
          'meta',
          'spMeta',
          'spmeta',
          'ionmeta',
          'ionMeta',
          '',
          'n'.repeat(256),
          '-a',
          'a b',
          'a.b',
          'ä',
          '$a',
          'a/b',
          '\u0000',
        ]) {
          for (const [to, body] of [
            [owner.customData.href, { [name]: 1 }],
            [owner.href, { customData: { [name]: 1 } }],
          ] as const) {
            const { status } = await target.post(to, body)
            if (status !== 400) return `${status} for the name ${JSON.stringify(name.slice(0, 20))} at ${to}`
          }
        }
        const shown = await target.post(owner.customData.href, {
          href: 'http://evil.example',
          createdAt: '2001-01-01T00:00:00.000Z',
          kept: 1,
        })
        if (shown.status !== 200 || shown.text.includes('evil') || shown.text.includes('2001'))
          return `what we show ourselves is set: ${shown.text}`
      }
      const data = own.account.customData.href
      const half = await target.post(data, { first: 'x'.repeat(6_000_000) })
      if (half.status !== 200) return `${half.status} for six megabytes`
      const both = await target.post(data, { second: 'x'.repeat(6_000_000) })
      if (both.status < 400 || both.status >= 500) return `${both.status} for twelve megabytes together`
      await target.remove(data)
      return undefined
    },
  },
  {
    id: 'ATTACK-R14 GOAL-G7',
    title: 'asking for an answer that grows by its expansions',
    guard: 'the bounds on expansions and their members',
    edits: [{ file: 'rest/expand.ts', find: 'if (each * items > MAX_MEMBERS)', replace: 'if (each * items < 0)' }],
    async run(target) {
      const own = await populate(target)
      const accounts = own.directory.accounts.href
      const tried = [
        `${accounts}?limit=100&expand=groups(limit:100),groupMemberships(limit:100),apiKeys(limit:100)`,
        `/directories?limit=100&expand=accounts(limit:100),groups(limit:100)`,
        `/applications?limit=100&expand=accounts(limit:1000),groups(limit:1000)`,
        `${accounts}?expand=groups(accounts(groups))`,
        `${accounts}?expand=groups(expand:accounts)`,
        `${accounts}?expand=groups.accounts`,
        `${accounts}?expand=groups(limit:0)`,
        `${accounts}?expand=groups(limit:-1)`,
        `${accounts}?expand=groups(limit:1e9)`,
        `${accounts}?expand=groups(limit:99999999999999999999)`,
        `${accounts}?expand=groups(limit:1,limit:2)`,
        `${accounts}?expand=${Array.from({ length: 11 }, (_, i) => `x${i}`).join()}`,
        `${accounts}?expand=${','.repeat(2000)}`,
        `${accounts}?expand=${'('.repeat(2000)}`,
        `${accounts}?limit=100&offset=99999999999999999999`,
        `${accounts}?limit=1e2`,
        `${accounts}?${Array.from({ length: 51 }, (_, i) => `customData.a${i}=x`).join('&')}`,
        `${accounts}?orderBy=${Array(21).fill('email').join()}`,
        `${accounts}?q=${'x'.repeat(2049)}`,
      ]
      for (const to of tried) {
        const { status } = await target.get(to)
        if (status !== 400) return `${status} for ${to.slice(0, 150)}`
      }
      const clamped = await target.read(`${accounts}?limit=1000000`)
      return clamped.limit <= 100 ? undefined : `a page of ${clamped.limit}`
    },
  },
  {
    id: 'ATTACK-J11 GOAL-G8',
    title: 'feeding every expression what makes it backtrack',
    guard: 'expressions that go over a text once',
    edits: [
      { file: 'schema/parse-text.ts', find: '/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/', replace: '/^(?:[a-z0-9]+-?)+$/' },
    ],
    async run(target) {
      const own = await populate(target)
      const long = [
        `${'a'.repeat(60)}!`,
        `${'a-'.repeat(30)}!`,
        `${'-'.repeat(250)}`,
        `${'a@'.repeat(100)}`,
        `P${'1'.repeat(250)}`,
      ]
      const accounts = own.directory.accounts.href
      const query = (name: string, value: string) => target.get(`${accounts}?${new URLSearchParams({ [name]: value })}`)
      const anonymous = (authorization: string) =>
        target.get('/applications', { auth: null, headers: { authorization } })
      const requests: ((text: string) => Promise<unknown>)[] = [
        (text) => target.post('/organizations', { name: 'x', nameKey: `${text.slice(0, 27)}!` }),
        (text) => target.post(accounts, { email: text, username: text, password: text }),
        (text) => target.post(own.idSite.href, { sessionTti: text }),
        ...['createdAt', 'email', 'customData.a', 'orderBy', 'expand', 'limit', 'status'].flatMap((name) => [
          (text: string) => query(name, text),
          (text: string) => query(name, `[${text.repeat(8)},${text}`),
        ]),
        (text) => target.get(`/${text.repeat(20)}`),
        (text) => anonymous(`SAuthc1 ${text.repeat(30)}`),
        (text) => anonymous(`Basic ${text.repeat(30)}`),
      ]
      for (const text of long) {
        // As long, and refused for its first character.
        const harmless = '!'.repeat(text.length)
        for (const request of requests) {
          const times = await ratio(text, harmless, 30, (sent) => timed(() => request(sent)))
          if (times > 30)
            return `${text.slice(0, 50)} takes ${Math.round(times)} times as long as what is plainly wrong`
        }
      }
      return undefined
    },
  },
])
