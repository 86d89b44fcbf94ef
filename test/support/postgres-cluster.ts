import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { postgresBinaries } from './postgres-binaries.ts'

const run = promisify(execFile)

export interface ClusterOptions {
  /** As in production: fsync on. Off by default, which is what makes a cluster quick. */
  durable?: boolean
  /** Listens on a free port of 127.0.0.1 besides its unix socket. */
  tcp?: boolean
  /** Further server settings, each given as `-c name=value`. */
  settings?: Readonly<Record<string, string>>
}

/** Enough to reach a cluster from another process. */
export interface ClusterAddress {
  socketDirectory: string
  port: number
}

/** A database of its own, gone after `drop()` or at the end of an `await using` block. */
export interface TestDatabase extends AsyncDisposable {
  url: string
  drop(): Promise<void>
}

/** A throw-away PostgreSQL server in a temporary folder. */
export interface Cluster extends ClusterAddress, AsyncDisposable {
  url(database?: string): string
  createDatabase(template?: string): Promise<TestDatabase>
  /** Process id of the postmaster. */
  pid(): Promise<number>
  /** `fast` is orderly; `immediate` is a crash: the next start recovers from the log. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  /** Starts again on the same data, after `stop` or a kill; as a standby of nobody, which `pg_promote()` ends. */
  start(options?: { standby?: boolean }): Promise<void>
  /** Stops and removes everything. */
  remove(): Promise<void>
}

/**
 * Makes a new cluster and starts it. It ends and its files go when `remove()` is called and also when this process
 * dies in whatever way: a shell beside it waits for the end of our pipe.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const binaries = await postgresBinaries()
  const identity = await unprivileged()
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-postgres-'))
  if (identity) await chown(folder, identity.uid, identity.gid)
  const data = join(folder, 'data')
  // what a test forgot to remove after it stopped the server
  const discard = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', discard)
  const version = await majorVersion(binaries)
  // A linguistic default collation, as most production databases have, shows statements that rely on byte order.
  const locale = version >= 15 ? ['--locale-provider=icu', '--icu-locale=en', '--locale=C.UTF-8'] : ['--locale=C.UTF-8']
  const initialize = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
    '--no-instructions',
    ...locale,
  ]
  const port = options.tcp ? await freePort() : 5432
  const settings = {
    unix_socket_directories: folder,
    listen_addresses: options.tcp ? '127.0.0.1' : '',
    port: String(port),
    max_connections: '200',
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let server: Guarded | undefined
  const cluster: Cluster = {
    socketDirectory: folder,
    port,
    url: (database) => clusterUrl(cluster, database),
    createDatabase: (template) => createDatabaseIn(cluster, template),
    async pid() {
      return Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
    },
    async start({ standby = false } = {}) {
      if (standby) await writeFile(join(data, 'standby.signal'), '')
      server = await startGuarded(join(binaries, 'postgres'), ['-D', data, ...flags], folder, identity)
    },
    async stop(mode = 'fast') {
      await server?.end(mode === 'fast' ? 'INT' : 'QUIT')
      server = undefined
    },
    async remove() {
      await cluster.stop('immediate')
      process.off('exit', discard)
      await rm(folder, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: () => cluster.remove(),
  }
  try {
    await run(join(binaries, 'initdb'), initialize, { ...identity, cwd: '/' })
    await cluster.start()
    return cluster
  } catch (error) {
    await cluster.remove()
    throw error
  }
}

/** The connection string of one database of a cluster. */
export function clusterUrl({ socketDirectory, port }: ClusterAddress, database = 'postgres'): string {
  return `postgres://postgres@localhost:${port}/${database}?host=${encodeURIComponent(socketDirectory)}`
}

/** Copies `template`, which takes some 40 ms, or makes an empty database. */
export async function createDatabaseIn(address: ClusterAddress, template = 'template1'): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(address, `create database ${name} template ${template}`)
  const drop = async () => {
    await administer(address, `drop database if exists ${name} with (force)`)
  }
  return { url: clusterUrl(address, name), drop, [Symbol.asyncDispose]: drop }
}

/** Runs one statement as the superuser, outside of any transaction, and answers its rows. */
export async function administer(address: ClusterAddress, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: clusterUrl(address) })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

interface Guarded {
  end(signal: 'INT' | 'QUIT'): Promise<void>
}

/** Waits for a signal name, or for the end of the pipe, which means that the process that started it is gone. */
const guard = `
folder=$1; shift
"$@" & server=$!
if read -r signal; then kill -"$signal" $server; wait $server
else kill -QUIT $server; wait $server; rm -rf "$folder"
fi
`

async function startGuarded(
  command: string,
  parameters: string[],
  folder: string,
  identity: Identity | undefined,
): Promise<Guarded> {
  const child = spawn('/bin/sh', ['-c', guard, 'sh', folder, command, ...parameters], {
    ...identity,
    cwd: '/',
    // its own process group: Ctrl-C reaches us, and it through us
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_MESSAGES: 'C' },
  })
  await ready(child)
  child.unref()
  unrefStream(child.stdin)
  unrefStream(child.stderr)
  child.stdin?.on('error', () => {})
  return {
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.ref()
      const ended = once(child, 'exit')
      child.stdin?.end(`${signal}\n`)
      await ended
    },
  }
}

/** Resolves when the server accepts connections; keeps reading its log, so that it never waits on us. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    let settled = false
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (settled) return
      log += text
      if (/ready to accept (read-only )?connections/.test(log)) {
        settled = true
        resolve()
      } else if (/FATAL|database system is shut down/.test(log)) {
        // the guard waits for our word even when the server has gone
        child.stdin?.end('QUIT\n')
      }
    })
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)))
    child.once('error', reject)
  })
}

function unrefStream(stream: unknown): void {
  ;(stream as { unref?(): void } | null)?.unref?.()
}

interface Identity {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root: the user it was installed with, or nobody. */
async function unprivileged(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new Error('PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

async function majorVersion(binaries: string): Promise<number> {
  const { stdout } = await run(join(binaries, 'postgres'), ['--version'])
  return Number(/(\d+)/.exec(stdout)?.[1])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
