import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { canInstall, findOnPath, install } from './debian.ts'

export interface RunningRedis extends AsyncDisposable {
  url: string
  process: ChildProcess
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

/** A Redis of its own on this machine that keeps nothing; at `port` again when one is given. */
export async function startRedis(port?: number): Promise<RunningRedis> {
  const program = await redisServer()
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-redis-'))
  const at = port ?? (await freePort())
  const words = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn(program, words, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await listening(at, child)
  } catch (error) {
    await kill()
    throw error
  }
  return { url: `redis://127.0.0.1:${at}`, process: child, kill, [Symbol.asyncDispose]: kill }
}

/** On a Debian machine where we are root a missing one is installed. */
async function redisServer(): Promise<string> {
  const found = await findOnPath('redis-server', 'valkey-server')
  if (found) return found
  if (await canInstall()) {
    await install('redis-server', 'Redis')
    const installed = await findOnPath('redis-server')
    if (installed) return installed
  }
  throw new Error('These tests need Redis: sudo apt-get install redis-server, or brew install redis')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      pause(1000).then(() => false),
    ])
    socket.destroy()
    if (isOpen) return
    await pause(50)
  }
  throw new Error('redis-server does not listen')
}
