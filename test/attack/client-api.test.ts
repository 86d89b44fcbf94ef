import { type Answer, type Body, describeAttacks, type Json, PASSWORD, type Target } from './attack.ts'

const SPA = 'https://spa.example.com'

async function open(target: Target, config: Body = {}) {
  const { application, directory } = await target.newApplicationWithDirectory()
  await target.update(application.href, { authorizedOriginUris: [SPA] })
  const webConfig = await target.update(application.webConfig.href, { status: 'ENABLED', ...config })
  return { application, directory, config: webConfig }
}

async function ask(
  target: Target,
  { dnsLabel }: Json,
  path: string,
  init: RequestInit = {},
): Promise<Pick<Answer, 'status' | 'headers' | 'text'>> {
  const response = await target.fetch(`/client/${dnsLabel}${path}`, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const post = (body: Body, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) })

async function logIn(target: Target, config: Json, username: string): Promise<string> {
  const answer = await ask(
    target,
    config,
    '/oauth/token',
    form({ grant_type: 'password', username, password: PASSWORD }),
  )
  return JSON.parse(answer.text).access_token
}

const verifying = async (target: Target, directory: Json) =>
  target.update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })

describeAttacks('Client API', [
  {
    id: 'ATTACK-D1 REST-U13',
    title: 'asking from a page of a foreign origin, and of one that only looks alike',
    guard: 'comparing whole origins',
    edits: [
      {
        file: 'client-api/cors.ts',
        find: ".includes(origin) && origin !== 'null'",
        replace: '.some((each) => each && origin.startsWith(each.slice(0, 12)))',
      },
    ],
    async run(target) {
      const { config } = await open(target)
      for (const origin of [
        'https://spa.example.com.evil.example',
        'https://spa.examplesXcom',
        'null',
        'http://spa.example.com',
      ]) {
        const { status, headers } = await ask(target, config, '/login', { headers: { origin } })
        if (status === 200 || headers.get('access-control-allow-origin') !== null) return `${origin} was let in`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-D1 REST-U13',
    title: 'creating accounts from a page that may not read the answer',
    guard: 'refusing requests of foreign pages before anything is done',
    edits: [
      {
        file: 'client-api/handler.ts',
        find: "refuse('forbidden', { reason: 'Pages of this origin may not use this API.' })",
        replace: '',
      },
    ],
    async run(target) {
      const { config, directory } = await open(target)
      const person = { email: 'forged@example.com', password: PASSWORD }
      await ask(target, config, '/register', post(person, { origin: 'https://evil.example' }))
      return (await target.read(directory.accounts.href)).size === 0 ? undefined : 'a foreign page made an account'
    },
  },
  {
    id: 'ATTACK-F17 REST-U2',
    title: 'using what is switched off',
    guard: 'looking at the switches of the configuration',
    edits: [{ file: 'client-api/handler.ts', find: '!endpoint || !api.offers[endpoint.offer]', replace: '!endpoint' }],
    async run(target) {
      const { config, directory } = await open(target, { register: { enabled: false } })
      await ask(target, config, '/register', post({ email: 'late@example.com', password: PASSWORD }))
      return (await target.read(directory.accounts.href)).size === 0 ? undefined : 'registered though it was off'
    },
  },
  {
    id: 'ATTACK-F17 REST-U2',
    title: 'using the API of an application that has none',
    guard: 'looking at the status of the configuration',
    edits: [
      {
        file: 'core/web-configs/client-api.ts',
        find: "application?.status !== 'ENABLED' || config?.status !== 'ENABLED'",
        replace: '!application || !config',
      },
    ],
    async run(target) {
      const { config } = await open(target, { status: 'DISABLED' })
      const { status } = await ask(target, config, '/login')
      return status === 404 ? undefined : `answered ${status}`
    },
  },
  {
    id: 'ATTACK-F17 REST-U1',
    title: 'opening the application of administrators to everybody',
    guard: 'keeping it closed',
    edits: [
      { file: 'core/web-configs/web-configs.ts', find: 'tenant?.consoleApplication === id', replace: 'id === ""' },
    ],
    async run(target) {
      const [{ webConfig }] = (await target.read('/applications?name=Stormpath')).items
      const answer = await target.post(webConfig.href, { status: 'ENABLED', dnsLabel: 'administrators' })
      return answer.status === 400 ? undefined : `answered ${answer.status}`
    },
  },
  {
    id: 'ATTACK-B1 REST-U8',
    title: 'showing me the token of another application',
    guard: 'holding the issuer of a token against the application',
    edits: [
      {
        file: 'core/tokens/verify.ts',
        find: "if (iss !== services.hrefs.toHref('application', request.application)) refuse('tokenOfOtherApplication', {})",
        replace: '',
      },
      { file: 'core/tokens/verify.ts', find: 'found.application === request.application &&', replace: '' },
    ],
    async run(target) {
      const { directory, config } = await open(target)
      const other = await open(target)
      await target.newMapping(other.application, directory)
      const { username } = await target.newAccount(directory)
      const authorization = `Bearer ${await logIn(target, config, username)}`
      if ((await ask(target, config, '/me', { headers: { authorization } })).status !== 200)
        return 'the token is worth nothing at all'
      const { status } = await ask(target, other.config, '/me', { headers: { authorization } })
      return status === 401 ? undefined : `answered ${status}`
    },
  },
  {
    id: 'ATTACK-I1 REST-U4',
    title: 'asking registration who has an account, where addresses are verified',
    guard: 'saying nothing but what was sent',
    made: { mail: true },
    edits: [
      {
        file: 'client-api/endpoints/register.ts',
        find: '...(api.existing && { existing: api.existing })',
        replace: '',
      },
    ],
    async run(target) {
      const { config, directory } = await open(target)
      await verifying(target, directory)
      const { email } = await target.newAccount(directory)
      const shown = []
      for (const each of [email, 'new@example.com']) {
        const { status, text } = await ask(target, config, '/register', post({ email: each, password: PASSWORD }))
        shown.push(`${status} ${text.replaceAll(each, 'E')}`)
      }
      return shown[0] === shown[1] ? undefined : shown.join(' for a known address, for a new one ')
    },
  },
  {
    id: 'ATTACK-I1 REST-U9 REST-U11',
    title: 'asking forgot and verify who has an account',
    guard: 'answering alike, whatever came of it',
    made: { mail: true },
    edits: [
      {
        file: 'client-api/endpoints/mails.ts',
        find: "if (!Problem.is(error) || error.code === 'overloaded' || error.code === 'queryTimeout') throw error",
        replace: 'throw error',
      },
    ],
    async run(target) {
      const { config, directory } = await open(target)
      await verifying(target, directory)
      const { email } = await target.newAccount(directory)
      for (const path of ['/forgot', '/verify']) {
        const [known, unknown] = [
          await ask(target, config, path, post({ login: email })),
          await ask(target, config, path, post({ login: 'nobody@example.com' })),
        ]
        if (known.status !== unknown.status || known.text !== unknown.text) return `${path} tells them apart`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F2 REST-U4',
    title: 'registering as somebody whose address is verified',
    guard: 'taking what people may say of themselves alone',
    edits: [
      {
        file: 'client-api/endpoints/register.ts',
        find: "if (unknown !== undefined) refuse('unknownProperty', { property: printable(unknown), resource: 'account' })",
        replace: 'if (unknown !== undefined) printable(unknown)',
      },
    ],
    async run(target) {
      const { config, directory } = await open(target)
      const person = { email: 'verified@example.com', password: PASSWORD, emailVerificationStatus: 'VERIFIED' }
      await ask(target, config, '/register', post(person))
      const { items } = await target.read(directory.accounts.href)
      return items.some((item: Json) => item.emailVerificationStatus === 'VERIFIED')
        ? 'the address counts as verified'
        : undefined
    },
  },
  {
    id: 'ATTACK-F11 REST-U8',
    title: 'reading the secret of an API key from me',
    guard: 'leaving out what is sealed',
    edits: [
      { file: 'client-api/shown.ts', find: "if ('sealed' in attribute && attribute.sealed) continue", replace: '' },
    ],
    async run(target) {
      const { config, directory } = await open(target, { me: { expand: { apiKeys: true } } })
      const account = await target.newAccount(directory)
      await target.newApiKey(account)
      const authorization = `Bearer ${await logIn(target, config, account.username)}`
      const { status, text } = await ask(target, config, '/me', { headers: { authorization } })
      if (status !== 200) return `me answers ${status}`
      return text.includes('"secret"') ? 'a secret left by the front channel' : undefined
    },
  },
  {
    id: 'ATTACK-C3 REST-U1',
    title: 'naming a host of which a part looks like ours',
    guard: 'reading the whole host',
    edits: [
      {
        file: 'client-api/place.ts',
        find: 'name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined',
        replace: 'name.split(suffix)[0]',
      },
    ],
    async run(target) {
      const { config } = await open(target)
      const host = `${config.domainName}.evil.example`
      const answer = await target.raw(`GET /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      return answer.startsWith('HTTP/1.1 200') ? 'a foreign host was answered' : undefined
    },
  },
  {
    id: 'ATTACK-J3 REST-U4',
    title: 'sending more than any form has',
    guard: 'the limit of bodies',
    edits: [
      {
        file: 'client-api/handler.ts',
        find: 'const BODY_LIMIT = 32 * 1024',
        replace: 'const BODY_LIMIT = 32 * 1024 * 1024',
      },
    ],
    async run(target) {
      const { config } = await open(target)
      const large = { email: 'large@example.com', password: PASSWORD, customData: { x: 'y'.repeat(100_000) } }
      const { status } = await ask(target, config, '/register', post(large))
      return status === 413 ? undefined : `answered ${status}`
    },
  },
])
