import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './mutant.ts'

export interface ServiceOptions {
  /** Where the product's source lies: the repository, or a mutant of it. */
  root?: string
  /** Data folder; a fresh one, removed at the end, when absent. */
  data?: string
  args?: readonly string[]
  env?: Record<string, string>
}

export interface RunningService {
  /** Scheme, host and port. */
  url: string
  data: string
  authorization: string
  process: ChildProcess
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>
}

/** Starts `latchkey serve` on a free loopback port as a process of its own and waits for its first answer. */
export async function startService(options: ServiceOptions = {}): Promise<RunningService> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'latchkey-service-')))
  const child = spawn(
    process.execPath,
    [
      join(options.root ?? repository, 'src/cli/main.ts'),
      'serve',
      '--port',
      '0',
      '--data',
      data,
      ...(options.args ?? []),
    ],
    { env: { ...process.env, NODE_ENV: '', ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const exit = once(child, 'exit')
  const url = await announcedUrl(child)
  const { id, secret } = await readKey(join(data, 'apiKey.properties'))
  return {
    url,
    data,
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    process: child,
    async kill() {
      child.kill('SIGKILL')
      await exit
      if (!options.data) await rm(data, { recursive: true, force: true })
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exit
      if (!options.data) await rm(data, { recursive: true, force: true })
      return code
    },
  }
}

function announcedUrl(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      const found = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(output)
      if (found) resolve(found[0])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it was ready:\n${output}`)))
    child.once('error', reject)
  })
}

/** The pair in a file of the form the old SDKs read. */
export async function readKey(file: string): Promise<{ id: string; secret: string }> {
  const text = await readFile(file, 'utf8')
  const value = (name: string) => new RegExp(`^apiKey\\.${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  return { id: value('id'), secret: value('secret') }
}
