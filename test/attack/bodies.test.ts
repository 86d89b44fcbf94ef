import { type DialectName, sign } from '../support/signer.ts'
import { basic, describeAttacks, type Target } from './attack.ts'

/** The most that a route takes. */
const LENGTH = 10 * 1024 * 1024
const path = `/v1/accounts/${'a'.repeat(22)}/customData`

/** The head of a request that announces a large body and sends the first byte of it. */
function head(target: Target, headers: Record<string, string>): string {
  const own = { Host: `127.0.0.1:${target.port}`, 'Content-Type': 'application/json', 'Content-Length': String(LENGTH) }
  const lines = Object.entries({ ...headers, ...own }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n{`
}

function signed(target: Target, key: { id: string; secret: string }, dialect: DialectName = 'java') {
  const request = { method: 'POST', origin: target.origin, path, body: '{}' }
  return head(target, sign(dialect, key, request, { at: target.clock.now() }).headers)
}

const statusOf = (text: string): string | undefined => /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
const stranger = { id: 'NOBODYS-KEY-000000000000', secret: 'a-secret-that-nobody-ever-had-0123456789' }

/** The answer to what is not sent to its end. */
const answerTo = async (target: Target, bytes: string) =>
  statusOf(await target.raw(bytes, { silence: 20_000, quiet: 200 }))

describeAttacks('Bodies of nobody in particular', [
  {
    id: 'ATTACK-J11 GOAL-G4',
    title: 'having megabytes kept for a wrong secret',
    guard: 'proving Basic before the body is read',
    edits: [
      {
        file: 'rest/handler.ts',
        find: 'const caller = await authenticate(request, bodyLimit)',
        replace: 'await request.body(bodyLimit)\n    const caller = await authenticate(request, bodyLimit)',
      },
    ],
    async run(target) {
      const status = await answerTo(target, head(target, { Authorization: basic(stranger) }))
      return status === '401' ? undefined : `the body is waited for; answered ${status}`
    },
  },
  {
    id: 'ATTACK-J11 GOAL-G4',
    title: 'having megabytes kept for a signature by a key that there is not',
    guard: 'looking the key up before the body that it signs is read',
    edits: [
      {
        file: 'rest/sauthc1.ts',
        find: '    if (!standing) {\n',
        replace: '    if (!standing) {\n      await request.body(bodyLimit)\n',
      },
    ],
    async run(target) {
      const status = await answerTo(target, signed(target, stranger))
      return status === '401' ? undefined : `the body is waited for; answered ${status}`
    },
  },
  {
    id: 'ATTACK-J11 GOAL-G4',
    title: 'having megabytes kept over many connections, signed in the name of a key whose id is known',
    guard: 'the budget of bodies that prove nothing yet',
    edits: [{ file: 'rest/unproved-bodies.ts', find: 'if (taken + counted > total) {', replace: 'if (total === 0) {' }],
    async run(target) {
      const known = { id: target.key.id, secret: stranger.secret }
      const all = await Promise.all(Array.from({ length: 8 }, () => answerTo(target, signed(target, known))))
      return all.includes('503') ? undefined : 'all of them are waited for'
    },
  },
])
