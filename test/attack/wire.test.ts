import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { basic, describeAttacks, type Target } from './attack.ts'

/** Statuses of all answers on one connection, in their order. */
const statuses = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status))

const credentials = (target: Target): string => `Authorization: ${basic(target.key)}\r\n`
const hostOf = ({ port }: Target): string => `Host: 127.0.0.1:${port}\r\n`

interface Framing {
  name: string
  /** `sneaked` is what must not be answered as a second request. */
  bytes(target: Target, sneaked: string): string | string[]
  /** Answers there may be; one 400 when absent. */
  answers?: number[][]
}

const framings: Framing[] = [
  {
    name: 'two lengths',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde${next}`,
  },
  {
    name: 'a length and a chunked coding',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a coding of another name',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${next}`,
    answers: [[400], [501], [401]],
  },
  {
    name: 'chunked, then identity',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a blank before the colon',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a tab in a name',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Transfer-\tEncoding: chunked\r\n\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a folded header',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${next}`,
    answers: [[400], [401]],
  },
  {
    name: 'a negative length',
    bytes: (t, next) => `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: -1\r\n\r\n${next}`,
  },
  {
    name: 'a length with a sign',
    bytes: (t, next) => `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: +0\r\n\r\n${next}`,
  },
  {
    name: 'a hexadecimal length',
    bytes: (t, next) => `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: 0x0\r\n\r\n${next}`,
  },
  {
    name: 'a list of lengths',
    bytes: (t, next) => `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: 0, 0\r\n\r\n${next}`,
  },
  {
    name: 'an endless length',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}Content-Length: 99999999999999999999999\r\n\r\n${next}`,
  },
  {
    name: 'a chunk without a size',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}${credentials(t)}Transfer-Encoding: chunked\r\n\r\nx\r\n${next}`,
  },
  {
    name: 'a chunk longer than it says',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}${credentials(t)}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a negative chunk',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}${credentials(t)}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${next}`,
  },
  {
    name: 'an enormous chunk',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.1\r\n${hostOf(t)}${credentials(t)}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${next}`,
  },
  {
    name: 'a bare line feed between headers',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\n${hostOf(t)}\r\n${next}`,
  },
  {
    name: 'a bare line feed behind the headers',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}X: y\n\n${next}`,
  },
  {
    name: 'a bare carriage return in a value',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}X: y\rTransfer-Encoding: chunked\r\n\r\n${next}`,
  },
  { name: 'NUL in a value', bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}X: a\0b\r\n\r\n${next}` },
  { name: 'NUL in the target', bytes: (t, next) => `GET /v1/\0 HTTP/1.1\r\n${hostOf(t)}\r\n${next}` },
  {
    name: 'a header without a name',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}: x\r\n\r\n${next}`,
  },
  {
    name: 'a line that is no header',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}nonsense\r\n\r\n${next}`,
  },
  { name: 'no host', bytes: (_, next) => `GET /v1/applications HTTP/1.1\r\n\r\n${next}` },
  {
    name: 'two hosts',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}Host: evil.example\r\n\r\n${next}`,
  },
  {
    name: 'the same host twice',
    bytes: (t, next) => `GET /v1/applications HTTP/1.1\r\n${hostOf(t)}${hostOf(t)}\r\n${next}`,
  },
  {
    name: 'an absolute target of another host',
    bytes: (t, next) => `GET http://evil.example/v1/applications HTTP/1.1\r\n${hostOf(t)}\r\n${next}`,
  },
  {
    name: 'an absolute target of another scheme',
    bytes: (t, next) => `GET file:///etc/passwd HTTP/1.1\r\n${hostOf(t)}\r\n${next}`,
  },
  { name: 'a target without a slash', bytes: (t, next) => `GET v1/applications HTTP/1.1\r\n${hostOf(t)}\r\n${next}` },
  {
    name: 'chunked coding on HTTP/1.0',
    bytes: (t, next) =>
      `POST /v1/applications HTTP/1.0\r\n${hostOf(t)}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${next}`,
  },
  {
    name: 'a version there is not',
    bytes: (t, next) => `GET /v1/applications HTTP/7.3\r\n${hostOf(t)}\r\n${next}`,
    answers: [[400], [505]],
  },
  { name: 'no version', bytes: (_, next) => `GET /v1/applications\r\n\r\n${next}` },
  { name: 'a method there is not', bytes: (t, next) => `GE\x7fT /v1/applications HTTP/1.1\r\n${hostOf(t)}\r\n${next}` },
  { name: 'TLS on a plain port', bytes: () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', answers: [[400], []] },
]

describeAttacks('On the wire', [
  {
    id: 'ATTACK-HT1 GOAL-G6',
    title: 'framing requests so that two parsers read them differently',
    guard: "the listener's own look at hosts, targets and codings",
    edits: [
      {
        file: 'std/node-exchange.ts',
        find: 'const target = acceptedTarget(req)',
        replace: "const target = (req.url ?? '/').replace(/^https?:\\/\\/[^/]+/, '') as string | 400",
      },
    ],
    async run(target) {
      const sneaked = `GET /v1/tenants/current HTTP/1.1\r\n${hostOf(target)}${credentials(target)}Connection: close\r\n\r\n`
      const results = await Promise.all(
        framings.map(async ({ name, bytes, answers = [[400]] }) => {
          const given = statuses(await target.raw(bytes(target, sneaked)))
          const expected = answers.some((each) => each.join() === given.join())
          return expected ? undefined : `${name}: answers ${given.join(', ') || 'none'}`
        }),
      )
      return results.find(Boolean) ?? (await unreadBody(target))
    },
  },
  {
    id: 'ATTACK-HT2 GOAL-G6',
    title: 'asking by TRACE and CONNECT',
    guard: 'refusing both methods before anything else',
    edits: [
      {
        file: 'std/node-exchange.ts',
        find: "if (req.method === 'TRACE' || req.method === 'CONNECT') return 405",
        replace: '',
      },
      {
        file: 'std/node-exchange.ts',
        find: 'HTTP/1.1 405 Method Not Allowed',
        replace: 'HTTP/1.1 200 Connection Established',
      },
    ],
    async run(target) {
      const trace = await target.raw(
        `TRACE /v1/applications HTTP/1.1\r\n${hostOf(target)}${credentials(target)}X-Secret: canary\r\nConnection: close\r\n\r\n`,
      )
      if (trace.includes('canary')) return 'TRACE shows what was sent'
      if (statuses(trace).join() !== '405') return `TRACE is answered with ${statuses(trace)}`
      const connect = await target.raw(
        `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      )
      return statuses(connect).join() === '405' ? undefined : `CONNECT is answered with ${statuses(connect)}`
    },
  },
  {
    id: 'ATTACK-D1 ATTACK-D2 ATTACK-R8',
    title: 'choosing the host of addresses by Host and forwarding headers',
    guard: 'addresses that begin with the configured base URL',
    edits: [
      {
        file: 'rest/handler.ts',
        find: 'hrefs,\n        representations,\n        caller,',
        replace:
          "hrefs: createHrefs('http://' + (request.header('x-forwarded-host') ?? request.header('host')) + '/v1'),\n        representations: createRepresentations(createHrefs('http://' + (request.header('x-forwarded-host') ?? request.header('host')) + '/v1')),\n        caller,",
      },
    ],
    made: { baseUrl: 'http://id.example.com' },
    async run(target) {
      const headers = [
        'Host: evil.example\r\n',
        'Host: evil.example:80\r\n',
        'Host: id.example.com@evil.example\r\n',
        'Host: id.example.com\r\nX-Forwarded-Host: evil.example\r\n',
        'Host: id.example.com\r\nForwarded: host=evil.example;proto=https\r\n',
        'Host: id.example.com\r\nX-Forwarded-Proto: javascript\r\n',
        'Host: id.example.com\r\nX-Original-URL: /v1/evil.example\r\nX-Rewrite-URL: /evil.example\r\n',
        'Host: id.example.com\r\nX-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: DELETE\r\n',
      ]
      const token = await target.ownerToken()
      for (const header of headers) {
        for (const path of [
          '/v1/tenants/current',
          '/v1/applications?expand=tenant',
          '/v1/openapi.json',
          `/owner?token=${token}`,
          '/owner?token=x',
          '/v1/nothing',
        ]) {
          const text = await target.raw(
            `GET ${path} HTTP/1.1\r\n${header}${credentials(target)}Connection: close\r\n\r\n`,
          )
          if (/evil|javascript:/.test(text))
            return `GET ${path} with ${header} gives ${text.slice(text.search(/evil|javascript:/) - 80).slice(0, 200)}`
          if (statuses(text).some((status) => status >= 500)) return `GET ${path} with ${header}: ${statuses(text)}`
        }
      }
      const created = await target.newApplication()
      if (!created.href.startsWith('http://id.example.com/v1/')) return `the href ${created.href}`
      const link = await target.app.engine.issueOwnerPasswordToken({
        tenant: (await target.tenant()).href.split('/').at(-1),
        actor: { kind: 'system', id: 'operator' },
        requestId: '',
      })
      return target.app.engine.services.origin === 'http://id.example.com' && link
        ? undefined
        : `the origin is ${target.app.engine.services.origin}`
    },
  },
  {
    id: 'ATTACK-D1',
    title: 'reaching a service in development mode by another name or through a proxy',
    guard: 'answering local names alone in development mode',
    edits: [
      { file: 'server/router.ts', find: 'development ? guardDevelopment(request) : undefined', replace: 'undefined' },
    ],
    made: { development: true },
    async run(target) {
      const tried: [string, number[]][] = [
        ['Host: evil.example\r\n', [421]],
        ['Host: 127.0.0.1.evil.example\r\n', [421]],
        ['Host: localhost.evil.example:4000\r\n', [421]],
        ['Host: 127.0.0.1@evil.example\r\n', [421]],
        ['Host: 10.0.0.1\r\n', [421]],
        ['Host: \r\n', [400, 421]],
        [`${hostOf(target)}X-Forwarded-For: 1.2.3.4\r\n`, [400]],
        [`${hostOf(target)}X-Forwarded-Host: evil.example\r\n`, [400]],
        [`${hostOf(target)}Forwarded: for=1.2.3.4\r\n`, [400]],
      ]
      for (const [header, expected] of tried) {
        for (const path of ['/v1/tenants/current', '/owner', '/healthz']) {
          const text = await target.raw(
            `GET ${path} HTTP/1.1\r\n${header}${credentials(target)}Connection: close\r\n\r\n`,
          )
          const [status] = statuses(text)
          if (!expected.includes(status as number)) return `${status} for ${path} with ${header}`
        }
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-DOS1 GOAL-G4',
    title: 'sending bodies larger than their route takes, whole and in chunks, declared and not',
    guard: 'counting the bytes of bodies, on the way and at the start',
    edits: [
      { file: 'std/node-request.ts', find: 'if (Number(declared) > limit) throw new BodyTooLarge(limit)', replace: '' },
      { file: 'std/node-request.ts', find: 'if (length <= limit) return', replace: 'if (length >= 0) return' },
      { file: 'std/node-request.ts', find: 'if (bytes.length > limit) throw new BodyTooLarge(limit)', replace: '' },
    ],
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const account = await target.newAccount(directory)
      const token = await target.ownerToken()
      const below = (href: string) => href.slice(target.baseUrl.length - '/v1'.length)
      const tried: [path: string, limit: number][] = [
        [below(application.href), 1024 * 1024],
        ['/v1/directories', 1024 * 1024],
        [below(application.loginAttempts.href), 32 * 1024],
        [below(account.customData.href), 10 * 1024 * 1024 + 64 * 1024],
        ['/owner', 32 * 1024],
      ]
      for (const [path, limit] of tried) {
        const form = path === '/owner'
        const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
        const head = `POST ${path} HTTP/1.1\r\n${hostOf(target)}${credentials(target)}Content-Type: ${type}\r\n`
        const filled = (size: number) =>
          form ? `token=${token}&password=${'x'.repeat(size)}` : `{"a":"${'x'.repeat(size)}"}`
        const declared = filled(limit + 1)
        const whole = statuses(await target.raw(`${head}Content-Length: ${declared.length}\r\n\r\n${declared}`))
        if (whole.join() !== '413') return `${path}: ${whole} for ${declared.length} bytes`
        const chunk = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`
        const chunks = Array(Math.ceil(limit / (64 * 1024)) + 1).fill(chunk)
        const streamed = statuses(await target.raw([`${head}Transfer-Encoding: chunked\r\n\r\n`, ...chunks]))
        if (streamed.join() !== '413') return `${path}: ${streamed} for a body without an end`
      }
      // Nobody known: nothing of the body is waited for.
      const unknown = await target.raw(
        `POST /v1/directories HTTP/1.1\r\n${hostOf(target)}Content-Length: 999999999\r\n\r\n`,
      )
      return statuses(unknown).join() === '401' ? undefined : `${statuses(unknown)} for a body of nobody`
    },
  },
  {
    id: 'ATTACK-DOS2 GOAL-G5',
    title: 'sending headers and bodies a byte at a time',
    guard: 'the time limits of the listener',
    // Twenty times as fast, so that nobody waits for half a minute.
    probe: [
      { file: 'server/listen.ts', find: 'headersTimeout: 10_000', replace: 'headersTimeout: 500' },
      { file: 'server/listen.ts', find: 'requestTimeout: 30_000', replace: 'requestTimeout: 1_500' },
      {
        file: 'server/listen.ts',
        find: 'connectionsCheckingInterval: 2_000',
        replace: 'connectionsCheckingInterval: 100',
      },
    ],
    edits: [
      { file: 'server/listen.ts', find: 'headersTimeout: 500', replace: 'headersTimeout: 0' },
      { file: 'server/listen.ts', find: 'requestTimeout: 1_500', replace: 'requestTimeout: 0' },
    ],
    async run(target) {
      const [headers, body, others] = await Promise.all([
        target.raw(`GET /v1/applications HTTP/1.1\r\n${hostOf(target)}X-Slow: `, { silence: 12_000 }),
        target.raw(
          `POST /v1/applications HTTP/1.1\r\n${hostOf(target)}${credentials(target)}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
          { silence: 12_000 },
        ),
        Promise.all(
          Array.from({ length: 50 }, () =>
            target.raw(
              `POST /owner HTTP/1.1\r\n${hostOf(target)}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n`,
              { silence: 12_000 },
            ),
          ),
        ),
      ])
      if (statuses(headers).join() !== '408')
        return `slow headers are answered with ${statuses(headers).join() || 'nothing'}`
      if (statuses(body).join() !== '408') return `a slow body is answered with ${statuses(body).join() || 'nothing'}`
      const patient = others.find((text) => statuses(text).join() !== '408')
      return patient === undefined ? undefined : `one of many is waited for: ${patient}`
    },
  },
  {
    id: 'ATTACK-J11 GOAL-G5',
    title: 'asking for much and never reading it, to hold connections and what is to be sent',
    guard: 'hanging up where nothing moves any more',
    // A hundred times as fast, so that nobody waits for a minute.
    probe: [{ file: 'server/listen.ts', find: 'idleTimeout = 60_000', replace: 'idleTimeout = 600' }],
    edits: [{ file: 'server/listen.ts', find: 'server.setTimeout(idleTimeout)', replace: '' }],
    async run(target) {
      const asked = 100
      const socket = connect(target.port, '127.0.0.1').pause()
      socket.write(`GET /v1/openapi.json HTTP/1.1\r\n${hostOf(target)}\r\n`.repeat(asked))
      await pause(6_000)
      // What it asked for is more than the buffers between us hold: the rest comes only if it is still waited for.
      const answers = await new Promise<number>((resolve) => {
        let count = 0
        const end = () => {
          socket.destroy()
          resolve(count)
        }
        socket.on('error', end).on('close', end)
        socket.on('data', (bytes) => {
          count += statuses(bytes.toString('latin1')).length
          if (count === asked) end()
        })
        socket.resume()
      })
      return answers < asked ? undefined : 'all of it is kept until somebody reads it'
    },
  },
  {
    id: 'ATTACK-J8',
    title: "putting markup into what the owner's page shows",
    guard: 'escaping what the page shows',
    edits: [
      {
        file: 'std/html-places.ts',
        find: 'text.replace(/[&<>"\']/g, (character) => entities[character] as string)',
        replace: 'text',
      },
    ],
    async run(target) {
      const { items } = await target.read('/directories?name=Stormpath%20Administrators')
      const [owner] = (await target.read(`${items[0].accounts.href}?email=owner@example.com`)).items
      const markup = `"><script>alert(1)</script><img/src='x'onerror=alert(1)>&amp;@example.com`
      const wanted = await target.post(owner.href, { email: markup })
      if (wanted.status !== 200) return `the address is refused, so nothing is proved: ${wanted.text}`
      try {
        const token = await target.ownerToken()
        const form = (fields: Record<string, string>) =>
          target.fetch('/owner', { method: 'POST', body: new URLSearchParams(fields) })
        const pages = [
          await target.fetch(`/owner?token=${token}`),
          await target.fetch(`/owner?token=${encodeURIComponent(`${token}"><script>alert(2)</script>`)}`),
          await target.fetch(`/owner?token=${encodeURIComponent('<script>alert(3)</script>')}`),
          await form({ token, password: 'short' }),
          await form({ token, password: 'one', again: '<script>alert(4)</script>' }),
          await form({ token: `${token}<script>`, password: '<script>alert(5)</script>' }),
        ]
        for (const page of pages) {
          const text = await page.text()
          if (/<script|<img|onerror=alert\(1\)>/.test(text.replaceAll(/<style.*<\/style>/gs, '')))
            return `the page holds ${/.{30}(?:<script|<img).{60}/s.exec(text)?.[0]}`
          if (text.includes('alert(5)')) return 'the page shows a password'
        }
        return undefined
      } finally {
        await target.update(owner.href, { email: 'owner@example.com' })
      }
    },
  },
  {
    id: 'ATTACK-J8 GOAL-L1',
    title: "framing the owner's page, running scripts on it and reading its address elsewhere",
    guard: 'the headers that forbid it',
    edits: [
      {
        file: 'server/page.ts',
        find: "'content-security-policy': `default-src 'none'; ",
        replace: "'x-policy': `",
      },
      { file: 'server/page.ts', find: "'x-frame-options': 'DENY',", replace: '' },
      { file: 'server/page.ts', find: "'referrer-policy': 'no-referrer',", replace: '' },
    ],
    async run(target) {
      const token = await target.ownerToken()
      const form = { method: 'POST', body: new URLSearchParams({ token, password: 'short' }) }
      for (const page of [
        await target.fetch(`/owner?token=${token}`),
        await target.fetch('/owner'),
        await target.fetch('/owner', form),
      ]) {
        const text = await page.text()
        const policy = page.headers.get('content-security-policy') ?? ''
        for (const [part, given] of [
          ["default-src 'none'", policy],
          ["frame-ancestors 'none'", policy],
          ["form-action 'self'", policy],
          ["base-uri 'none'", policy],
          ['DENY', page.headers.get('x-frame-options')],
          ['no-referrer', page.headers.get('referrer-policy')],
          ['nosniff', page.headers.get('x-content-type-options')],
          ['no-store', page.headers.get('cache-control')],
          ['text/html; charset=utf-8', page.headers.get('content-type')],
        ] as const) {
          if (!given?.includes(part)) return `${page.status}: ${part} is not in ${given}`
        }
        if (/unsafe-|\*|https?:/.test(policy)) return `the policy ${policy}`
        if (/<script|\son\w+=|style="/.test(text)) return 'the page holds what the policy forbids'
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-G13 ATTACK-G12',
    title: "sending the owner's form from a page of somebody else, and JSON as plain text",
    guard: 'the look where a form comes from and at its type',
    edits: [
      {
        file: 'server/form.ts',
        find: 'if (!isOwnForm(request, origin))',
        replace: 'if (!origin)',
      },
      {
        file: 'rest/body.ts',
        find: "if (!JSON_TYPE.test(contentType ?? '')) refuse",
        replace: 'if (!contentType) refuse',
      },
    ],
    async run(target) {
      const token = await target.ownerToken()
      const send = (headers: Record<string, string>) =>
        target.fetch('/owner', { method: 'POST', headers, body: new URLSearchParams({ token, password: 'short' }) })
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: `${target.origin}.evil.example` },
        { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' },
      ] as Record<string, string>[]) {
        const { status } = await send(headers)
        if (status !== 403) return `${status} for a form with ${JSON.stringify(headers)}`
      }
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonp',
        'text/json',
        '',
      ]) {
        const { status } = await target.post('/applications', '{"name":"Forged"}', {
          headers: { 'content-type': type },
        })
        if (status !== 415) return `${status} for JSON sent as ${type || 'nothing'}`
      }
      return undefined
    },
  },
])

/** A body that nobody reads, since nobody known sent it, must not be read as requests. */
async function unreadBody(target: Target): Promise<string | undefined> {
  const hidden = `GET /v1/tenants/current HTTP/1.1\r\n${hostOf(target)}${credentials(target)}\r\n`
  const one = `POST /v1/applications HTTP/1.1\r\n${hostOf(target)}Content-Length: ${hidden.length}\r\n\r\n${hidden}`
  const last = `GET /healthz HTTP/1.1\r\n${hostOf(target)}Connection: close\r\n\r\n`
  const given = statuses(await target.raw(one.repeat(3) + last))
  return given.join() === '401,401,401,200' ? undefined : `requests in a body are answered: ${given}`
}
