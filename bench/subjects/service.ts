import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { repository } from '../../test/support/mutant.ts'
import { readKey } from '../../test/support/service.ts'
import { endProcess } from './child.ts'

let built = false

/** The program as it is published: JavaScript, compiled from the sources as they are now. */
export function builtProgram(): { cli: string; library: string } {
  if (!built) {
    const compiler = join(repository, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], { cwd: repository })
    built = true
  }
  return { cli: join(repository, 'dist/cli/main.js'), library: join(repository, 'dist/index.js') }
}

export interface Service {
  url: string
  port: number
  pid: number
  key: { id: string; secret: string }
  stop(): Promise<void>
}

export interface ServiceOptions {
  data: string
  env?: NodeJS.ProcessEnv
  nodeArgs?: readonly string[]
}

/** Starts `latchkey serve` as a process of its own and waits until it answers. */
export async function startService({ data, env = {}, nodeArgs = [] }: ServiceOptions): Promise<Service> {
  const port = await freePort()
  // As by default there is a line for each request, which somebody has to take.
  const log = openSync(`${data}.log`, 'a')
  const args = [...nodeArgs, builtProgram().cli, 'serve', '--port', String(port), '--data', data]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_ENV: '', LATCHKEY_MANAGEMENT_PORT: 'off', ...env },
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null)
      throw new Error(
        `the service ended with ${child.exitCode} before it was ready:\n${readFileSync(`${data}.log`, 'utf8')}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const key = await readKey(join(data, 'apiKey.properties'))
  return { url, port, pid: child.pid as number, key, stop: () => endProcess(child) }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Starts `node:http` that answers everything with `{}`, from a text, so that nothing else is loaded. */
export function spawnBare(port: number): ChildProcess {
  const code = `require('node:http').createServer((request, response) => response.end('{}')).listen(${port}, '127.0.0.1')`
  return spawn(process.execPath, ['-e', code], { stdio: 'ignore' })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
