import { setTimeout as pause } from 'node:timers/promises'
import type { Claim, Line } from './claim.ts'
import { megabytes, times } from './format.ts'
import { residentOf } from './measure/cpu.ts'
import { endProcess } from './subjects/child.ts'
import { startLatchkey } from './subjects/latchkey.ts'
import { mixedLoad } from './subjects/mixed-load.ts'
import { freePort, spawnBare } from './subjects/service.ts'

const MOST_IDLE = 90
const MOST_LOADED = 220

/** Resident memory of `latchkey serve` as published. */
export const memory: Claim = {
  id: 'P13',
  title: 'Memory of the service',
  goal: 'at most 90 MB idle, 220 MB after a minute of full load',
  async run(context) {
    const baseline = await residentOfBare()
    const lines: Line[] = []
    for (const store of context.stores) {
      const line = (what: string, resident: number, most: number): Line => ({
        what,
        store,
        ours: megabytes(resident),
        baseline: megabytes(baseline),
        ratio: times(resident / baseline),
        goal: `<= ${most} MB`,
        met: resident <= most,
      })
      await using latchkey = await startLatchkey(context, store)
      await pause(3000)
      lines.push(line('idle', residentOf(latchkey.pid), MOST_IDLE))
      const accounts = await latchkey.createAccounts(100)
      context.progress(`${store}: full load`)
      await mixedLoad(latchkey, accounts, context.quick ? 20_000 : 60_000)
      lines.push(line('after full load', residentOf(latchkey.pid), MOST_LOADED))
    }
    return lines
  },
}

async function residentOfBare(): Promise<number> {
  const bare = spawnBare(await freePort())
  try {
    await pause(1000)
    return residentOf(bare.pid as number)
  } finally {
    await endProcess(bare)
  }
}
