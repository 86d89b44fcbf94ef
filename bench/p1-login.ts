import type { Claim, Context, Line, StoreName } from './claim.ts'
import { cycle, load, toRequest } from './measure/load.ts'
import { PASSWORD, startLatchkey, uniqueEmail } from './subjects/latchkey.ts'
import { raceHashes } from './subjects/race-hashes.ts'

/** A log-in is the verification of a password, and next to nothing besides. */
export const login: Claim = {
  id: 'P1',
  title: 'Log-in over HTTP, every check and the event on',
  goal: 'at least 95 % of raw argon2id; 7x better-auth (3.3x with crypto.argon2)',
  async run(context) {
    const lines: Line[] = []
    for (const store of context.stores) lines.push(...(await runOn(context, store)))
    return lines
  },
}

async function runOn(context: Context, store: StoreName): Promise<Line[]> {
  await using latchkey = await startLatchkey(context, store)
  const accounts = await latchkey.createAccounts(context.quick ? 8 : 32)
  const attempts = accounts.map(({ email }) =>
    latchkey.request({
      method: 'POST',
      path: `${latchkey.application}/loginAttempts`,
      body: { type: 'basic', value: Buffer.from(`${email}:${PASSWORD}`).toString('base64') },
    }),
  )
  return await raceHashes(context, {
    what: 'log-in',
    store,
    work: 'verify',
    goals: { raw: 0.95, peer: { 'node-rs': 7, node: 3.3 } },
    ours: { pid: latchkey.pid, port: latchkey.port, next: cycle(attempts) },
    async peer(port) {
      const path = '/api/auth/sign-up/email'
      const emails = Array.from({ length: context.quick ? 4 : 16 }, uniqueEmail)
      const body = (email: string) => ({ email, password: PASSWORD, name: 'Ada' })
      const headers = { origin: `http://127.0.0.1:${port}` }
      let at = 0
      const signUps = () => {
        const email = emails[at++]
        return email === undefined ? undefined : toRequest(port, { method: 'POST', path, headers, body: body(email) })
      }
      await load({ port, pid: 0, connections: 2, next: signUps, duration: 60_000 })
      return cycle(
        emails.map((email) =>
          toRequest(port, {
            method: 'POST',
            path: '/api/auth/sign-in/email',
            headers,
            body: { email, password: PASSWORD },
          }),
        ),
      )
    },
  })
}
