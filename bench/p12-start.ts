import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Claim, Line } from './claim.ts'
import { millis, times } from './format.ts'
import { interleave, ratioOf } from './measure/rounds.ts'
import { median } from './measure/statistics.ts'
import { endProcess } from './subjects/child.ts'
import { builtProgram, freePort, spawnBare } from './subjects/service.ts'

/** From the start of the process to its first answer, as published: JavaScript in `dist`, built first. */
export const start: Claim = {
  id: 'P12',
  title: 'Cold start to the first answer',
  goal: 'at most 250 ms on an existing database, 600 ms on an empty folder, 150 ms to import the library',
  async run(context) {
    context.progress('building')
    const { cli, library } = builtProgram()
    const folder = context.folder('start')
    // its own, so that the first start of all is not among the measured ones
    const env = { ...process.env, NODE_ENV: '', XDG_CACHE_HOME: join(folder, 'cache') }
    const existing = mkdtempSync(join(folder, 'existing-'))
    const serve = (data: string) => (port: number) =>
      spawn(process.execPath, [cli, 'serve', '--port', String(port), '--data', data], { env, stdio: 'ignore' })
    await firstAnswer(serve(existing))

    const samples = await interleave(
      {
        bare: () => firstAnswer(spawnBare),
        existing: () => firstAnswer(serve(existing)),
        empty: () => firstAnswer(serve(mkdtempSync(join(folder, 'empty-')))),
        import: async () => importTime(library, env),
      },
      context.rounds,
      context.progress,
    )
    const line = (what: string, store: 'sqlite' | '-', taken: number[], most: number): Line => ({
      what,
      store,
      ours: millis(median(taken)),
      baseline: millis(median(samples.bare)),
      ratio: times(ratioOf(taken, samples.bare, (ms) => ms)),
      goal: `<= ${most} ms`,
      met: median(taken) <= most,
    })
    return [
      line('first answer, existing database', 'sqlite', samples.existing, 250),
      line('first answer, empty folder', 'sqlite', samples.empty, 600),
      line('import of the library', '-', samples.import, 150),
    ]
  },
}

/** Milliseconds from spawning the process until the body of `/readyz` has come. */
async function firstAnswer(begin: (port: number) => ChildProcess): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const child = begin(port)
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`)
      await pause(1)
    }
    return performance.now() - begun
  } finally {
    await endProcess(child)
  }
}

/** Whether somebody listens there and is ready. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    socket.write(`GET /readyz HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.toString('latin1').startsWith('HTTP/1.1 200')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false
    throw error
  } finally {
    socket.destroy()
  }
}

/** Milliseconds that the import takes in a process that is up. */
function importTime(library: string, env: NodeJS.ProcessEnv): number {
  const code = `const start = performance.now(); await import(${JSON.stringify(library)}); console.log(performance.now() - start)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }))
}
