import { inspect } from 'node:util'
import { routes } from '../../src/rest/routes.ts'
import { describeAttacks, expectStatus, PASSWORD, type Target } from './attack.ts'
import { at, populate } from './population.ts'

/** Stands in every secret and every personal thing that is sent. */
const CANARY = 'canary7731'

/** Walks over every route, well and badly, with the canary wherever somebody could put something. */
async function walk(target: Target): Promise<void> {
  const own = await populate(target, CANARY)
  const { application, directory } = await target.newApplicationWithDirectory()
  const email = `${CANARY}@example.com`
  await target.newAccount(directory, { email, password: `${CANARY}-${PASSWORD}` })
  expectStatus(await target.login(application, email, `${CANARY}-${PASSWORD}`), 200)
  for (let i = 0; i < 12; i++) await target.login(application, email, `${CANARY}-wrong-Password-1`)
  await target.login(application, `${CANARY}-nobody`, `${CANARY}-wrong`)
  const headers = {
    'X-Request-Id': `${CANARY}\u00a0{}`,
    'User-Agent': CANARY,
    Cookie: `session=${CANARY}`,
    Referer: `https://example.com/${CANARY}`,
    'X-Latchkey-User-Agent': CANARY,
    'X-Latchkey-User-Device': `${CANARY}-device-01`,
    'X-Forwarded-For': CANARY,
  }
  for (const route of routes) {
    const kind = Object.values(own)[0] as { href: string }
    const path = at(route, `${kind.href.split('/').at(-1)}`)
    for (const to of [`${path}?q=${CANARY}&sptoken=${CANARY}`, at(route, CANARY)]) {
      if (route.method === 'POST') await target.post(to, { [CANARY]: CANARY }, { headers })
      else await target.get(to, { headers })
    }
  }
  for (const path of [
    `/v1/${CANARY}`,
    `/${CANARY}`,
    `/owner?token=${CANARY}`,
    `/v1/emailVerificationTokens/${CANARY}`,
  ]) {
    await target.fetch(path, { headers: { authorization: `Basic ${btoa(`${CANARY}:${CANARY}`)}` } })
    await target.fetch(path, { method: 'POST', body: CANARY, headers: { authorization: `Bearer ${CANARY}` } })
  }
  await target.raw(`GET /v1/${CANARY}%0d%0a{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
}

/** The canary in any disguise that a log could give it. */
function found(text: string): string | undefined {
  for (const shown of [CANARY, btoa(CANARY).slice(0, 12), Buffer.from(CANARY).toString('hex')]) {
    const place = text.toLowerCase().indexOf(shown.toLowerCase())
    if (place >= 0) return text.slice(Math.max(0, place - 200), place + 100)
  }
  return undefined
}

describeAttacks('Logs', [
  {
    id: 'GOAL-M1 ATTACK-N10 WEB-W157 OPS-O43',
    title: 'reading the log for passwords, tokens, addresses and whatever else people send',
    guard: 'telling a request by the template of its path',
    made: { logLevel: 'debug' },
    edits: [
      {
        file: 'server/observe.ts',
        find: "const route = response?.about?.route ?? 'other'",
        replace: "const route = [request.path, request.query].join('?')",
      },
    ],
    async run(target) {
      await walk(target)
      const lines = target.log.map((record) => inspect(record, { depth: 20, maxStringLength: null }))
      if (lines.length < 100) return `only ${lines.length} lines were logged`
      return found(lines.join('\n'))
    },
  },
  {
    id: 'GOAL-M2',
    title: 'naming a request so that it forges others in the log',
    guard: 'the shape of a request id',
    made: { logLevel: 'info' },
    edits: [
      { file: 'std/request-id.ts', find: 'given !== undefined && shape.test(given)', replace: 'given !== undefined' },
    ],
    async run(target) {
      for (const id of ['","level":"error","msg":"forged', 'x'.repeat(5000), 'with\u00a0blank']) {
        await target.request('GET', '/tenants/current', { headers: { 'X-Request-Id': encodeURI(id) } })
      }
      const ids = target.log.map(({ req_id }) => String(req_id))
      const odd = ids.find((id) => !/^[\w.-]{8,64}$/.test(id))
      return ids.length === 0 ? 'nothing was logged' : odd?.slice(0, 100)
    },
  },
])
