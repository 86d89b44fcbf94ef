import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseArgon2 } from '../src/crypto/passwords/argon2.ts'
import { type Cluster, startCluster } from '../test/support/postgres-cluster.ts'
import { parseArguments } from './arguments.ts'
import type { Claim, Context, Line } from './claim.ts'
import { claims } from './claims.ts'
import { table } from './format.ts'

const { claims: ids, quick, stores, flags } = parseArguments(process.argv.slice(2))
const unknown = ids.filter((id) => !claims.some((claim) => claim.id === id))
if (unknown.length > 0) {
  throw new Error(`no claim ${unknown.join(', ')}; there are ${claims.map(({ id }) => id).join(', ')}`)
}
const chosen = ids.length === 0 ? claims : claims.filter(({ id }) => ids.includes(id))

const root = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
let cluster: Promise<Cluster> | undefined
const notes: string[] = []
const rows: [Claim, Line][] = []
const failed: [Claim, unknown][] = []
const terminal = process.stderr

for (const [at, claim] of chosen.entries()) {
  const context: Context = {
    quick,
    flags,
    stores,
    rounds: quick ? 3 : 5,
    roundMs: quick ? 700 : 2000,
    folder(name) {
      const folder = join(root, name)
      mkdirSync(folder, { recursive: true })
      return folder
    },
    postgres() {
      cluster ??= startCluster({ durable: true })
      return cluster
    },
    progress(text) {
      if (terminal.isTTY) terminal.write(`\r\x1b[K[${at + 1}/${chosen.length}] ${claim.id} ${claim.title}: ${text}`)
    },
    note: (text) => void notes.push(`${claim.id}: ${text}`),
  }
  context.progress('starting')
  try {
    for (const line of await claim.run(context)) rows.push([claim, line])
  } catch (error) {
    failed.push([claim, error])
  }
  if (terminal.isTTY) terminal.write('\r\x1b[K')
}
await (await cluster)?.remove()

console.log(
  table([
    ['claim', 'what', 'store', 'ours', 'baseline', 'ratio', 'goal', 'met'],
    ...rows.map(([{ id }, { what, store, ours, baseline, ratio, goal, met }]) => {
      return [id, what, store, ours, baseline, ratio, goal, met === undefined ? '' : met ? 'yes' : 'NO']
    }),
  ]),
)
console.log(
  `\n${availableParallelism()} cores, Node ${process.versions.node}, argon2id by ${chooseArgon2().implementation}`,
)
for (const note of notes) console.log(note)
for (const [{ id, title }, error] of failed) {
  console.error(`\n${id} ${title} could not run:`)
  console.error(error)
}
process.exitCode = failed.length > 0 ? 1 : 0
