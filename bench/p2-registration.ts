import type { Claim, Context, Line, StoreName } from './claim.ts'
import { toRequest } from './measure/load.ts'
import { newAccount, PASSWORD, startLatchkey, uniqueEmail } from './subjects/latchkey.ts'
import { raceHashes } from './subjects/race-hashes.ts'

/** A registration is one hash and one durable transaction. */
export const registration: Claim = {
  id: 'P2',
  title: 'Registration over HTTP, durable',
  goal: 'at least 90 % of raw argon2id; 6x better-auth (3x with crypto.argon2)',
  async run(context) {
    const lines: Line[] = []
    for (const store of context.stores) lines.push(...(await runOn(context, store)))
    return lines
  },
}

async function runOn(context: Context, store: StoreName): Promise<Line[]> {
  await using latchkey = await startLatchkey(context, store)
  const next = () =>
    latchkey.request({ method: 'POST', path: `${latchkey.application}/accounts`, body: newAccount(uniqueEmail()) })
  return await raceHashes(context, {
    what: 'registration',
    store,
    work: 'hash',
    goals: { raw: 0.9, peer: { 'node-rs': 6, node: 3 } },
    ours: { pid: latchkey.pid, port: latchkey.port, next, status: 201 },
    peer: async (port) => () =>
      toRequest(port, {
        method: 'POST',
        path: '/api/auth/sign-up/email',
        headers: { origin: `http://127.0.0.1:${port}` },
        body: { email: uniqueEmail(), password: PASSWORD, name: 'Ada' },
      }),
  })
}
