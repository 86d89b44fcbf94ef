import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../support/mutant.ts'

export interface RunOptions {
  env?: Readonly<Record<string, string>>
  cwd?: string
  uid?: number
}

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

const main = join(repository, 'src/cli/main.ts')

/** A folder of its own, gone at the end of an `await using` block. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs a command to its end. */
export async function latchkey(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(words, options)
  return child.outcome
}

export interface Running extends AsyncDisposable {
  process: ChildProcess
  /** What it has printed so far. */
  output(): string
  /** Resolves with the address that the service announces, once everything is announced. */
  url: Promise<string>
  outcome: Promise<Outcome>
  /** SIGTERM, then its end. */
  stop(): Promise<Outcome>
}

/** Starts a command and lets it run; it is killed at the end of an `await using` block. */
export function start(words: readonly string[], options: RunOptions = {}): Running {
  const { NODE_ENV: _, ...environment } = process.env
  const child = spawn(process.execPath, [main, ...words], {
    // The tests run side by side, and one port is all there is for metrics.
    env: { ...environment, LATCHKEY_MANAGEMENT_PORT: 'off', ...options.env },
    cwd: options.cwd,
    uid: options.uid,
    gid: options.uid,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const announced = Promise.withResolvers<string>()
  announced.promise.catch(() => {})
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    const url = /Latchkey \S+ {2}(\S+)\n[\s\S]*\n\n$/.exec(stdout)?.[1]
    if (url) announced.resolve(url)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const outcome = once(child, 'close').then(([code]) => {
    announced.reject(new Error(`it ended with ${code}:\n${stdout}${stderr}`))
    return { code: code as number | null, stdout, stderr }
  })
  return {
    process: child,
    output: () => stdout + stderr,
    url: announced.promise,
    outcome,
    async stop() {
      child.kill('SIGTERM')
      return outcome
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await outcome
    },
  }
}

/** Starts `serve` on a free port and waits until it is announced. */
export async function serve(
  data: string,
  words: readonly string[] = [],
  options: RunOptions = {},
): Promise<Running & { at: string }> {
  const running = start(['serve', '--port', '0', '--data', data, ...words], options)
  const at = await running.url
  return { ...running, at }
}
