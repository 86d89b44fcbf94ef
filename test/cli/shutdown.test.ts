import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKey } from '../support/service.ts'
import { serve, start, temporaryFolder } from './latchkey.ts'

interface Answered {
  status: number
  closes: boolean
}

/** One request on a connection that is kept. Undefined when nobody took it any more: a new connection was refused. */
function ask(agent: Agent, url: string, authorization: string): Promise<Answered | undefined> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ name: crypto.randomUUID() })
    const headers = { authorization, 'content-type': 'application/json' }
    const sent = request(`${url}/v1/directories`, { agent, method: 'POST', headers })
    sent
      .on('response', (answer) => {
        answer
          .resume()
          .on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close' }))
      })
      .on('error', (error: NodeJS.ErrnoException) =>
        // a connection that the kernel had taken and the service had not
        error.code === 'ECONNREFUSED' || (error.code === 'ECONNRESET' && !sent.reusedSocket)
          ? resolve(undefined)
          : reject(error),
      )
      .end(body)
  })
}

test('GOAL-A9 SIGTERM under load loses no request and leaves a clean folder', async () => {
  await using folder = await temporaryFolder()
  const service = await serve(folder.path, ['--log-level', 'warn'])
  const { id, secret } = await readKey(join(folder.path, 'apiKey.properties'))
  const authorization = `Basic ${btoa(`${id}:${secret}`)}`
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const statuses: number[] = []
  const callers = Array.from({ length: 16 }, async () => {
    for (;;) {
      const answer = await ask(agent, service.at, authorization)
      if (!answer) return
      statuses.push(answer.status)
    }
  })
  await expect.poll(() => statuses.length).toBeGreaterThan(100)
  service.process.kill('SIGTERM')
  await Promise.all(callers)
  const { code, stderr } = await service.outcome
  agent.destroy()
  expect(statuses.filter((status) => status !== 201)).toEqual([])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(readdirSync(folder.path).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([])

  await using again = await serve(folder.path)
  const { size } = (await (
    await fetch(`${again.at}/v1/directories?limit=1`, { headers: { authorization } })
  ).json()) as { size: number }
  expect(size).toBe(statuses.length + 2)
})

/** Sends SIGTERM and waits until it is noticed. */
async function terminate(service: Awaited<ReturnType<typeof serve>>): Promise<void> {
  expect((await fetch(`${service.at}/readyz`)).status).toBe(200)
  service.process.kill('SIGTERM')
  await expect.poll(async () => (await fetch(`${service.at}/readyz`)).status).toBe(503)
}

test('OPS-O5 while it drains it says so, serves, and asks clients to leave; a second signal ends it at once', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_DELAY: 'PT1H' } })
  await terminate(service)
  expect((await fetch(`${service.at}/readyz`)).headers.get('connection')).toBe('close')
  expect((await fetch(`${service.at}/healthz`)).status).toBe(200)
  expect((await fetch(`${service.at}/v1/tenants/current`)).status).toBe(401)
  service.process.kill('SIGINT')
  expect((await service.outcome).code).toBe(1)
})

test('OPS-O5 after its delay it ends by itself', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_DELAY: '1' } })
  const started = performance.now()
  expect((await service.stop()).code).toBe(0)
  expect(performance.now() - started).toBeGreaterThan(900)
})

test('connections that say nothing do not keep it', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_TIMEOUT: 'PT1H' } })
  const port = Number(new URL(service.at).port)
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  let told = ''
  silent.setEncoding('utf8').on('data', (text) => {
    told += text
  })
  const idle = new Agent({ keepAlive: true })
  await new Promise((resolve) =>
    request(`${service.at}/healthz`, { agent: idle }, (answer) => answer.resume().on('end', resolve)).end(),
  )
  expect((await service.stop()).code).toBe(0)
  // Not by the limit of a request that never comes, which would be answered with 408.
  expect(told).toBe('')
  silent.destroy()
  idle.destroy()
})

test('OPS-O5 a request under way for too long does not keep it', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_TIMEOUT: '1' } })
  const socket = connect(Number(new URL(service.at).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  const head = 'POST /v1/directories HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n'
  const { id, secret } = await readKey(join(folder.path, 'apiKey.properties'))
  const authorization = `Authorization: Basic ${btoa(`${id}:${secret}`)}\r\n`
  socket.write(`${head}${authorization}Content-Type: application/json\r\n\r\n{`)
  // Its answer to that is the sign that the request is under way.
  const [sign] = await once(socket, 'data')
  expect(String(sign)).toMatch(/^HTTP\/1\.1 100 /)
  const started = performance.now()
  expect((await service.stop()).code).toBe(0)
  expect(performance.now() - started).toBeGreaterThan(900)
})

test('GOAL-H5 OPS-O6 an error that nobody caught is one line of JSON, an orderly end and exit code 1', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'boom.config.ts')
  await writeFile(file, "process.on('SIGUSR2', () => { throw new Error('boom') })\nexport default {}\n")
  const data = join(folder.path, 'data')
  await using service = start(['serve', '--port', '0', '--data', data, '--config', file])
  await service.url
  service.process.kill('SIGUSR2')
  const { code, stderr } = await service.outcome
  expect(code).toBe(1)
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    level: 'error',
    event: 'process.crashed',
    err: { name: 'Error', message: 'boom' },
  })
  expect(existsSync(join(data, 'latchkey.sqlite-wal'))).toBe(false)
})

// Sooner than by the limits of Node itself, which are a minute and more.
test('slow clients are sent away', { timeout: 55_000 }, async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const socket = connect(Number(new URL(service.at).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
})
