/** Whether memory stays flat: an hour of full load on SQLite, or as many `--minutes`; prints its slope. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { residentOf } from './measure/cpu.ts'
import { startLatchkey } from './subjects/latchkey.ts'
import { mixedLoad } from './subjects/mixed-load.ts'

/** Caches fill at first; they are no leak. */
const WARM_UP_SHARE = 0.2
const SHORTEST_MINUTES = 20

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes is a number above 0, not ${values.minutes}`)

const root = mkdtempSync(join(tmpdir(), 'latchkey-soak-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
const folder = (name: string) => {
  const path = join(root, name)
  mkdirSync(path, { recursive: true })
  return path
}

{
  await using latchkey = await startLatchkey({ folder }, 'sqlite')
  const accounts = await latchkey.createAccounts(200)
  const start = performance.now()
  const points: { hours: number; megabytes: number }[] = []
  const step = Math.min(60_000, (minutes * 60_000) / 10)
  while (performance.now() - start < minutes * 60_000) {
    await mixedLoad(latchkey, accounts, step)
    const hours = (performance.now() - start) / 3_600_000
    const megabytes = residentOf(latchkey.pid)
    points.push({ hours, megabytes })
    console.log(`${(hours * 60).toFixed(1).padStart(6)} min  ${megabytes.toFixed(0).padStart(5)} MB`)
  }
  const settled = points.slice(Math.floor(points.length * WARM_UP_SHARE))
  const doubt = minutes < SHORTEST_MINUTES ? `; less than ${SHORTEST_MINUTES} minutes say little` : ''
  console.log(`slope ${slope(settled).toFixed(1)} MB per hour, after the first fifth${doubt}`)
}

/** Least squares. */
function slope(points: readonly { hours: number; megabytes: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map(({ hours }) => hours))
  const y = mean(points.map(({ megabytes }) => megabytes))
  const above = points.reduce((sum, { hours, megabytes }) => sum + (hours - x) * (megabytes - y), 0)
  return above / points.reduce((sum, { hours }) => sum + (hours - x) ** 2, 0)
}
