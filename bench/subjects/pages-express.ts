/**
 * An Express app whose users live in this process, hashing as in production. Its clock stands still until it is told to
 * go on, so that no limit stands in the way of asking thousands of times.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createLatchkey } from '../../src/frameworks/express.ts'
import { createApp } from '../../src/server/app.ts'
import { createManualClock } from '../../src/std/clock.ts'
import { answerQuestions } from './child.ts'
import { PASSWORD } from './latchkey.ts'

/** What the bench asks for: to begin with these users, or to let that much time pass. */
export type Question = { users: readonly string[] } | { advance: number }

const clock = createManualClock(Date.now())
const settings = { data: process.argv[2] as string, baseUrl: 'http://127.0.0.1', environment: {}, clock }
const mail = { sendMail: async () => {} }
const service = await createApp({ ...settings, ...mail, log: () => {} })
const latchkey = createLatchkey(async () => service)
const auth = latchkey({ baseUrl: 'http://127.0.0.1' }, { environment: {}, clock })
const app = express()
app.disable('x-powered-by')
app.use(auth)
const server = createServer(app)

answerQuestions(
  async (question: Question) => {
    if ('advance' in question) return clock.advance(question.advance)
    await auth.ready
    await register(question.users)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
  async () => {
    server.closeAllConnections()
    await auth.close()
  },
)

async function register(users: readonly string[]): Promise<void> {
  const { id = '', secret = '' } = service.apiKey ?? {}
  const headers = {
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'content-type': 'application/json',
  }
  const call = async (path: string, body?: object) => {
    const url = path.startsWith('/') ? `${service.baseUrl}/v1${path}` : path
    const init = { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) }
    const answer = await service.fetch(new Request(url, init))
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { href: string; items: { href: string }[] }
  }
  const { items } = await call('/applications?name=My%20Application')
  const to = `${items[0]?.href}/accounts`
  // Every other one is not verified yet: only they are sent the mail of a verification again.
  for (const [at, email] of users.entries()) {
    const verified = at % 2 === 0 ? '?registrationWorkflowEnabled=false' : ''
    await call(`${to}${verified}`, { email, password: PASSWORD, givenName: 'Ada', surname: 'Lovelace' })
  }
}
