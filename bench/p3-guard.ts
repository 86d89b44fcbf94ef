import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Claim, Context, Line } from './claim.ts'
import { times } from './format.ts'
import { cycle, load, toRequest } from './measure/load.ts'
import { interleave, ratioOf } from './measure/rounds.ts'
import { median } from './measure/statistics.ts'
import { type BareServer, serving } from './subjects/bare.ts'
import { startChild } from './subjects/child.ts'
import { PASSWORD, uniqueEmail } from './subjects/latchkey.ts'
import { raceReads } from './subjects/race-reads.ts'

const peerGoal = 15

/** A guard in front of a handler, everything about the user known: what it adds, and what the peer's adds. */
export const guard: Claim = {
  id: 'P3',
  title: 'Guarded request in Express, warm',
  goal: '90 % of the throughput of the same handler unguarded, at most 1.12 times its CPU; 15x better-auth',
  async run(context) {
    if (!context.stores.includes('sqlite')) return []
    const data = mkdtempSync(join(context.folder('guard'), 'data-'))
    const module = new URL('./subjects/guarded-express.ts', import.meta.url)
    await using ours = await serving(startChild(module, { args: [data] }), undefined)
    const cookie = await register(ours)
    const request = (path: string) => () => cycle([toRequest(ours.port, { path, headers: { cookie } })])
    const lines = await raceReads(context, {
      what: 'guarded / unguarded handler',
      store: 'sqlite',
      ours: { ...ours, requests: request('/guarded') },
      baseline: { ...ours, requests: request('/plain') },
      goals: { rate: 0.9, cpu: 1.12 },
    })
    return [...lines, await racePeer(context, ours, cookie)]
  },
}

async function racePeer(context: Context, ours: BareServer, cookie: string): Promise<Line> {
  const file = join(context.folder('guard-peer'), 'peer.sqlite')
  const module = new URL('./subjects/guarded-better-auth.ts', import.meta.url)
  await using peer = await serving(startChild(module, { args: [file] }), undefined)
  const theirs = await signUp(peer)
  const over = (target: BareServer, cookie: string) => () =>
    load({
      ...target,
      connections: 32,
      next: cycle([toRequest(target.port, { path: '/guarded', headers: { cookie } })]),
      duration: context.roundMs,
    })
  const samples = await interleave(
    { ours: over(ours, cookie), peer: over(peer, theirs) },
    context.rounds,
    context.progress,
  )
  const cpu = (sample: { cpu: number }) => sample.cpu
  const ratio = 1 / ratioOf(samples.ours, samples.peer, cpu)
  return {
    what: 'guarded handler / better-auth: CPU of one request',
    store: 'sqlite',
    ours: `${Math.round(median(samples.ours.map(cpu)))} us`,
    baseline: `${Math.round(median(samples.peer.map(cpu)))} us`,
    ratio: times(ratio),
    goal: `>= ${peerGoal}x`,
    met: ratio >= peerGoal,
  }
}

async function register({ port }: BareServer): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/register`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ email: uniqueEmail(), password: PASSWORD }),
  })
  return cookiesOf(response)
}

async function signUp({ port }: BareServer): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` },
    body: JSON.stringify({ email: uniqueEmail(), password: PASSWORD, name: 'Ada' }),
  })
  return cookiesOf(response)
}

async function cookiesOf(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0] as string)
    .join('; ')
}
