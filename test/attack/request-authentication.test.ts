import { createHash, createHmac } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WireRequest } from '../support/signer.ts'
import { basic, type Client, describeAttacks, type Json, link, PASSWORD, type Target, unique } from './attack.ts'

const MINUTE = 60_000
const readsTenants = { method: 'GET', path: '/v1/applications', query: [['limit', '1']] as const }
const createsApplication = () => ({
  method: 'POST',
  path: '/v1/applications',
  query: [['createDirectory', 'false']] as const,
  headers: { 'X-Note': 'signed' },
  body: JSON.stringify({ name: unique('Signed') }),
})

/** Which of these authorizations are taken for anything but nobody's. */
async function notRefused(target: Target, authorizations: readonly string[]): Promise<string | undefined> {
  for (const authorization of authorizations) {
    const { status } = await target.get('/applications', { auth: null, headers: { authorization } })
    if (status !== 401) return `${status} for ${JSON.stringify(authorization.slice(0, 200))}`
  }
  return undefined
}

const pair = (id: string, secret: string): string => basic({ id, secret })
const signature = /(sauthc1Signature=)(\w+)$/
const withSignature = (request: WireRequest, change: (hex: string) => string): WireRequest => ({
  ...request,
  headers: {
    ...request.headers,
    Authorization: (request.headers.Authorization as string).replace(signature, (_, name, hex) => name + change(hex)),
  },
})

describeAttacks('Authentication of requests', [
  {
    id: 'ATTACK-B10',
    title: 'sending one signed request twenty times at once',
    guard: 'taking its nonce once',
    edits: [
      { file: 'rest/sauthc1.ts', find: "if (!isFirst) unauthenticated('the nonce has been used before')", replace: '' },
    ],
    onPostgres: true,
    async run(target) {
      const request = target.signed(createsApplication())
      const answers = await Promise.all(Array.from({ length: 20 }, () => target.wire(request)))
      const done = answers.filter(({ status }) => status !== 401)
      if (done.length !== 1 || done[0]?.status !== 201) return `answers ${answers.map(({ status }) => status)}`
      return (await target.wire(request)).status === 401 ? undefined : 'it was accepted once more later'
    },
  },
  {
    id: 'ATTACK-B8',
    title: 'sending signed requests of yesterday and of tomorrow',
    guard: 'the clock window',
    edits: [{ file: 'rest/sauthc1.ts', find: 'Math.abs(clock.now() - signedAt) >= window', replace: 'false' }],
    async run(target) {
      for (const minutes of [-24 * 60, -60, -6, -5, 5, 6, 60, 24 * 60, 365 * 24 * 60]) {
        // whole seconds: a date has no fraction
        const at = Math.floor(target.clock.now() / 1000) * 1000 + minutes * MINUTE + (minutes > 0 ? 1000 : 0)
        const { status } = await target.wire(target.signed(readsTenants, { at }))
        if (status !== 401) return `${status} for a date ${minutes} minutes from now`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-B8',
    title: 'moving the date of a signed request into the window',
    guard: 'the comparison of signatures',
    edits: [
      {
        file: 'rest/sauthc1.ts',
        find: 'if (timingSafeEqual(expected, signature)) return true',
        replace: 'return true',
      },
    ],
    async run(target) {
      const old = target.signed(readsTenants, { at: target.clock.now() - 30 * MINUTE })
      const fresh = target.signed(readsTenants).headers['X-Stormpath-Date'] as string
      const { status } = await target.wire({ ...old, headers: { ...old.headers, 'X-Stormpath-Date': fresh } })
      return status === 401 ? undefined : `${status} for a request with another date than the signed one`
    },
  },
  {
    id: 'ATTACK-B4',
    title: 'altering the method, path, query, headers and body of a signed request',
    guard: 'the comparison of signatures',
    edits: [
      {
        file: 'rest/sauthc1.ts',
        find: 'if (timingSafeEqual(expected, signature)) return true',
        replace: 'return true',
      },
    ],
    async run(target) {
      const alter: [string, (request: WireRequest) => WireRequest][] = [
        ['body', (request) => ({ ...request, body: (request.body as string).replace('Signed', 'Forged') })],
        ['blank behind the body', (request) => ({ ...request, body: `${request.body} ` })],
        ['path', (request) => ({ ...request, url: request.url.replace('/applications', '/directories') })],
        ['query value', (request) => ({ ...request, url: request.url.replace('false', 'true') })],
        ['more query', (request) => ({ ...request, url: `${request.url}&expand=tenant` })],
        ['query left out', (request) => ({ ...request, url: request.url.replace(/\?.*/, '') })],
        ['method override', (request) => ({ ...request, url: `${request.url}&_method=DELETE` })],
        ['signed header', (request) => ({ ...request, headers: { ...request.headers, 'X-Note': 'forged' } })],
        ['key id', (request) => replaceIn(request, 'Authorization', target.key.id, 'ANOTHERKEY0000000000000000')],
        ['nonce', (request) => replaceIn(request, 'Authorization', /(\/\d{8}\/)[^/]+/, '$1another-nonce')],
        ['list of signed headers', (request) => replaceIn(request, 'Authorization', ';x-note', '')],
      ]
      for (const [what, change] of alter) {
        const { status } = await target.wire(change(target.signed(createsApplication())))
        if (status !== 401) return `${status} with another ${what}`
      }
      const { method, ...read } = target.signed(readsTenants)
      const { status } = await target.wire({ ...read, method: 'DELETE' })
      if (status !== 401) return `${status} with another method than ${method}`
      const untouched = await target.wire(target.signed(createsApplication()))
      return untouched.status === 201 ? undefined : `the signed request itself is answered with ${untouched.status}`
    },
  },
  {
    id: 'ATTACK-B7 ATTACK-B11',
    title: 'leaving host or date out of what is signed',
    guard: 'the list of headers that must be signed',
    edits: [
      {
        file: 'rest/sauthc1-header.ts',
        find: '!indispensable.every((name) => signedHeaders.includes(name))',
        replace: 'false',
      },
    ],
    async run(target) {
      // What a client signs that forgets one of them: our signer's own work with the line taken out.
      for (const missing of ['Host', 'X-Stormpath-Date']) {
        const { status } = await target.wire(signedWithout(target, missing))
        if (status !== 401) return `${status} for a signature without ${missing}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-B6',
    title: 'writing paths, SQL and names of prototypes for the id of a key',
    guard: 'parameters in the statement that looks for a key',
    edits: [
      {
        file: 'storage/standing.ts',
        find: 'await connection.get(STANDING, [keyId])',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        replace: "await connection.get(STANDING.replace('?', `'${keyId}'`), [])",
      },
      { file: 'rest/basic.ts', find: 'isIdLike(id) ?', replace: 'isIdLike(id) || id ?' },
    ],
    onPostgres: true,
    async run(target) {
      const { secret } = target.key
      const ids = [
        "'",
        "'or'1'='1",
        "x'/**/or/**/1=1--",
        '../../etc/passwd',
        '%2e%2e%2f',
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        '$1',
        '?',
        'null',
        '*',
        '%',
        `${target.key.id}%`,
        `${target.key.id.slice(0, -1)}_`,
        target.key.id.toLowerCase(),
        '\\',
        '";--',
        'x'.repeat(128),
        'x'.repeat(5000),
        '\0',
        '\u212a',
      ]
      const basics = ids.map((id) => pair(id, secret))
      const signed = ids
        .filter((id) => /^[!-~]{1,200}$/.test(id))
        .map((id) => target.signed(readsTenants).headers.Authorization?.replace(target.key.id, id) as string)
      const named = await notRefused(target, basics)
      if (named) return named
      for (const authorization of signed) {
        const { headers, ...request } = target.signed(readsTenants)
        const { status } = await target.wire({ ...request, headers: { ...headers, Authorization: authorization } })
        if (status !== 401) return `${status} for ${authorization}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-B13',
    title: 'cutting, padding and lengthening the secret of a key',
    guard: 'comparing the whole secret',
    edits: [
      {
        file: 'core/engine.ts',
        find: 'isDigestOf(key.secretDigest, secret)',
        replace: '((own) => own.startsWith(secret) || secret.startsWith(own))(openApiKeySecret(services, key))',
      },
    ],
    async run(target) {
      const { id, secret } = target.key
      const variants = [
        secret.slice(0, -1),
        secret.slice(0, 1),
        '',
        secret.slice(1),
        `${secret}=`,
        `${secret} `,
        ` ${secret}`,
        `${secret}\0`,
        `${secret}\n`,
        `${secret}${secret}`,
        secret.toUpperCase(),
        encodeURIComponent(`${secret}/`),
        `\ufeff${secret}`,
      ]
      return notRefused(
        target,
        variants.map((variant) => pair(id, variant)),
      )
    },
  },
  {
    id: 'ATTACK-B13',
    title: 'cutting, padding and lengthening a signature',
    guard: 'the length of a signature and its whole comparison',
    edits: [
      { file: 'rest/sauthc1-header.ts', find: '/^[\\da-f]{64}$/i', replace: '/^[\\da-f]+/i' },
      {
        file: 'rest/sauthc1.ts',
        find: 'timingSafeEqual(expected, signature)',
        replace: 'timingSafeEqual(expected.subarray(0, signature.length), signature.subarray(0, expected.length))',
      },
    ],
    async run(target) {
      const changes: ((hex: string) => string)[] = [
        (hex) => hex.slice(0, -1),
        (hex) => hex.slice(0, 2),
        () => '',
        (hex) => `${hex}00`,
        (hex) => `${hex}0`,
        (hex) => `${hex}=`,
        (hex) => hex + hex,
        (hex) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0'),
        (hex) => Buffer.from(hex, 'hex').toString('base64'),
        () => '0'.repeat(64),
      ]
      for (const change of changes) {
        const { status } = await target.wire(withSignature(target.signed(readsTenants), change))
        if (status !== 401) return `${status} for the signature ${change('0123456789abcdef'.repeat(4))}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F1',
    title: 'calling the API with the key of an ordinary account',
    guard: 'the question whether the account of a key administers the tenant',
    edits: [{ file: 'rest/credentials.ts', find: 'if (!administrator)', replace: 'if (administrator === undefined)' }],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      const { href } = await target.newApplication()
      await target.newMapping({ href }, directory, { isDefaultAccountStore: true })
      const key = await target.newApiKey(await target.newAccount(directory))
      const client = target.as(key)
      for (const [method, to] of [
        ['GET', '/tenants/current'],
        ['GET', href],
        ['GET', key.href],
        ['POST', '/applications'],
        ['POST', key.href],
        ['DELETE', href],
      ] as const) {
        const { status } = await client.request(method, to, method === 'POST' ? { body: { name: 'mine' } } : {})
        if (status !== 401) return `${status} for ${method} ${to}`
      }
      const { headers, ...request } = target.signed(readsTenants)
      const { status } = await target.wire({ ...request, headers: { ...headers, Authorization: basic(key) } })
      return status === 401 ? undefined : `${status} by another way`
    },
  },
  {
    id: 'ATTACK-G1 GOAL-K7',
    title: 'going on with a key after it, its account or their way to the console was disabled or removed',
    guard: 'forgetting the standings of keys at every write',
    edits: [
      { file: 'storage/standing.ts', find: 'if (now === undefined || now !== version) kept.clear()', replace: '' },
    ],
    onPostgres: true,
    async run(target) {
      for (const [what, end] of Object.entries(ends)) {
        const owner = await target.stranger()
        const client = owner.as(await secondAdministrator(owner))
        // used, so that whatever is kept of it is kept
        for (let i = 0; i < 2; i++) {
          const before = await client.get('/tenants/current')
          if (before.status !== 302) return `the second administrator is refused at first: ${before.text}`
        }
        const { status, text } = await end(owner, client)
        if (status !== 200 && status !== 204) return `${what}: the change itself is answered with ${text}`
        for (const to of ['/tenants/current', '/applications']) {
          const after = await client.get(to)
          if (after.status !== 401) return `${what}: the next request is answered with ${after.status}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-I1',
    title: 'telling unknown keys, wrong secrets, disabled keys and keys of no administrator apart',
    guard: 'keeping the reason of a refusal to ourselves',
    edits: [
      {
        file: 'rest/error-table.ts',
        find: "unauthenticated: () =>\n    plain(401, 'Authentication is required: the id and secret of an API key, by HTTP Basic or SAuthc1.')",
        replace: "unauthenticated: ({ reason }) =>\n    plain(401, reason ?? '')",
      },
    ],
    async run(target) {
      const account = await target.newAccount(await target.newDirectory())
      const [plain, disabled] = [await target.newApiKey(account), await target.newApiKey(account)]
      await target.update(disabled.href, { status: 'DISABLED' })
      const told = new Set<string>()
      for (const auth of [
        { id: 'NOSUCHKEY0000000000000000', secret: 'x' },
        { id: target.key.id, secret: 'x' },
        plain,
        disabled,
        { id: '', secret: '' },
      ]) {
        const { status, headers, body } = await target.get('/applications', { auth })
        const names = [...headers.keys()].filter((name) => !['date', 'stormpath-request-id'].includes(name))
        told.add(JSON.stringify([status, names, { ...body, requestId: '' }]))
      }
      return told.size === 1 ? undefined : `${told.size} different answers: ${[...told].join('\n')}`
    },
  },
  {
    id: 'ATTACK-I4 ATTACK-R10',
    title: 'guessing a secret by the time a comparison takes',
    guard: 'comparing secrets in constant time',
    edits: [
      {
        file: 'core/engine.ts',
        find: 'isDigestOf(key.secretDigest, secret)',
        replace: 'sha256(secret) === key.secretDigest',
      },
    ],
    // No clock tells a nanosecond over HTTP: what is looked at is how the source compares.
    async run({ root }) {
      const secretive =
        /\w*(?:secret|digest|signature)\w*\)*\s*[!=]==\s*(?!undefined|null|true)[a-z(]|[!=]==\s*[\w.?]*(?:secret|digest(?!\.length)|signature)\w*/gi
      const found: string[] = []
      for await (const file of glob('{core,crypto,rest,storage}/**/*.ts', { cwd: join(root, 'src') })) {
        if (file.endsWith('.test.ts')) continue
        for (const [text] of (await readFile(join(root, 'src', file), 'utf8')).matchAll(secretive)) {
          if (text !== SEALED) found.push(`${file}: ${text}`)
        }
      }
      const compare = await readFile(join(root, 'src/crypto/compare.ts'), 'utf8')
      if (!/return timingSafeEqual\(/.test(compare)) found.push('sameSecret does not compare in constant time')
      return found.length === 0 ? undefined : found.join('; ')
    },
  },
  {
    id: 'ATTACK-J14',
    title: 'sending headers that are no credentials, and cookies',
    guard: 'looking whether there is a pair in Basic credentials',
    edits: [
      {
        file: 'rest/basic.ts',
        find: "parseBasic(credentials) ?? unauthenticated('malformed Basic credentials')",
        replace: 'parseBasic(credentials) as { id: string; secret: string }',
      },
    ],
    async run(target) {
      const { id, secret } = target.key
      const right = Buffer.from(`${id}:${secret}`).toString('base64')
      const wrong = await notRefused(target, [
        'Basic',
        'Basic %%%',
        'Basic =',
        'Basic ====',
        `Basic ${'A'.repeat(8000)}`,
        `Basic ${'A'.repeat(12_000)}`,
        `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString('base64')}`,
        `Basic ${Buffer.from(id).toString('base64')}`,
        `Basic ${right}===`,
        `Basic,${right}`,
        `Basic=${right}`,
        `${right}`,
        `Bearer ${right}`,
        'Bearer',
        'Bearer a.b.c',
        'Bearer eyJhbGciOiJub25lIn0.e30.',
        'Digest username="x", realm="', // unclosed
        'Negotiate ',
        `Basic ${right}, Basic ${right}`,
        'SAuthc1',
        'SAuthc1 sauthc1Id=',
        'SAuthc1 sauthc1Id=a/20260310/n/sauthc1_request',
        'SAuthc1 =,=,=',
        `SAuthc1 ${','.repeat(4000)}`,
        `SAuthc1 sauthc1Id=${id}/20260310/n/sauthc1_request, sauthc1SignedHeaders=;, sauthc1Signature=${'0'.repeat(64)}`,
        `SAuthc1 sauthc1Id=${id}/99999999/n/sauthc1_request, sauthc1SignedHeaders=host;x-stormpath-date, sauthc1Signature=${'0'.repeat(64)}`,
        '__proto__ x',
        'constructor x',
      ])
      if (wrong) return wrong
      for (const cookie of [
        'a',
        '=',
        ';;;',
        'access_token=',
        `access_token=${'x'.repeat(8000)}`,
        'a=\u00ff',
        '__proto__=1',
      ]) {
        const { status } = await target.get('/applications', { headers: { cookie } })
        if (status !== 200) return `${status} with the cookie ${cookie.slice(0, 50)}`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-R10',
    title: 'cutting a secret at a colon inside it',
    guard: 'separating id and secret at the first colon',
    edits: [{ file: 'rest/basic.ts', find: "text?.indexOf(':')", replace: "text?.lastIndexOf(':')" }],
    made: { apiKey: { id: 'KEYWITHCOLONS', secret: 'a:secret:with:colons:0123456789:0123456789' } },
    async run(target) {
      const { id, secret } = target.key
      const own = await target.get('/applications')
      if (own.status !== 200) return `the whole secret is refused: ${own.status}`
      const cuts = [...secret.matchAll(/:/g)].map(({ index }) => secret.slice(0, index))
      return notRefused(
        target,
        cuts.map((cut) => pair(id, cut)),
      )
    },
  },
])

/** Sealed texts are compared here, to see whether a key is still the same one. */
const SEALED = '=== key.secret'

type End = (owner: Client, client: Client) => Promise<{ status: number; text: string }>

const consoleOf = async (owner: Client): Promise<Json> => (await owner.read('/applications?name=Stormpath')).items[0]
const administratorsOf = async (owner: Client): Promise<Json> =>
  (await owner.read('/directories?name=Stormpath%20Administrators')).items[0]

async function secondAdministrator(owner: Client): Promise<Json> {
  const account = await owner.newAccount(await administratorsOf(owner), {
    email: 'second@example.com',
    password: PASSWORD,
  })
  return owner.newApiKey(account)
}

const ends: Record<string, End> = {
  'the key is disabled': (owner, { key }) => owner.post(`/apiKeys/${key.id}`, { status: 'DISABLED' }),
  'the key disables itself': (_, client) => client.post(`/apiKeys/${client.key.id}`, { status: 'DISABLED' }),
  'the key is deleted': (owner, { key }) => owner.delete(`/apiKeys/${key.id}`),
  'the account is disabled': async (owner, { key }) =>
    owner.post((await owner.read(`/apiKeys/${key.id}`)).account.href, { status: 'DISABLED' }),
  'the account is deleted': async (owner, { key }) =>
    owner.delete((await owner.read(`/apiKeys/${key.id}`)).account.href),
  'the directory is disabled': async (owner) =>
    owner.post((await administratorsOf(owner)).href, { status: 'DISABLED' }),
  'the console is disabled': async (owner) => owner.post((await consoleOf(owner)).href, { status: 'DISABLED' }),
  'the mapping is deleted': async (owner) =>
    owner.delete((await owner.read((await consoleOf(owner)).accountStoreMappings.href)).items[0].href),
  'the account loses the group that lets it in': async (owner, { key }) => {
    const application = await consoleOf(owner)
    const [mapping] = (await owner.read(application.accountStoreMappings.href)).items
    const group = await owner.newGroup(await administratorsOf(owner))
    await owner.newMapping(application, group)
    const accountHref = (await owner.read(`/apiKeys/${key.id}`)).account.href
    await owner.create('/groupMemberships', { account: { href: accountHref }, group: link(group) })
    const own = (
      await owner.read(
        (
          await owner.read((await owner.get('/tenants/current')).headers.get('location') as string)
        ).accounts.href,
      )
    ).items
    const ownerAccount = own.find((account: Json) => account.email.startsWith('owner@'))
    await owner.create('/groupMemberships', { account: link(ownerAccount), group: link(group) })
    await owner.remove(mapping.href)
    return owner.post(group.href, { status: 'DISABLED' })
  },
}

function replaceIn(request: WireRequest, header: string, find: string | RegExp, replace: string): WireRequest {
  return {
    ...request,
    headers: { ...request.headers, [header]: (request.headers[header] as string).replace(find, replace) },
  }
}

/** A request whose signature leaves one header out, made with the right secret. */
function signedWithout(target: Target, name: string): WireRequest {
  const request = target.signed(readsTenants)
  const names = Object.keys(request.headers)
    .filter((each) => each !== 'Authorization' && each !== name)
    .toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  const lines = names.map((each) => `${each.toLowerCase()}:${request.headers[each]}\n`).join('')
  const list = names.map((each) => each.toLowerCase()).join(';')
  const url = new URL(request.url)
  const hashed = (text: string) => createHash('sha256').update(text).digest('hex')
  const canonical = ['GET', url.pathname, url.search.slice(1), lines, list, hashed('')].join('\n')
  const timestamp = request.headers['X-Stormpath-Date'] as string
  const [date, nonce] = [timestamp.slice(0, 8), crypto.randomUUID()]
  const id = `${target.key.id}/${date}/${nonce}/sauthc1_request`
  let key = Buffer.from(`SAuthc1${target.key.secret}`)
  for (const step of [date, nonce, 'sauthc1_request', ['HMAC-SHA-256', timestamp, id, hashed(canonical)].join('\n')]) {
    key = createHmac('sha256', key).update(step).digest()
  }
  const Authorization = `SAuthc1 sauthc1Id=${id}, sauthc1SignedHeaders=${list}, sauthc1Signature=${key.toString('hex')}`
  return { ...request, headers: { ...request.headers, Authorization } }
}
