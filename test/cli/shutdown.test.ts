import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
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
  const service = await serve(folder.path)
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
  await pause(500)
  service.process.kill('SIGTERM')
  await Promise.all(callers)
  const { code, stderr } = await service.outcome
  agent.destroy()
  expect(statuses.length).toBeGreaterThan(50)
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

test('OPS-O5 while it drains it says so, serves, and asks clients to leave', async () => {
  await using folder = await temporaryFolder()
  const service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_DELAY: '1.5' } })
  expect((await fetch(`${service.at}/readyz`)).status).toBe(200)
  service.process.kill('SIGTERM')
  await pause(300)
  const ready = await fetch(`${service.at}/readyz`)
  expect(ready.status).toBe(503)
  expect(ready.headers.get('connection')).toBe('close')
  expect((await fetch(`${service.at}/healthz`)).status).toBe(200)
  expect((await fetch(`${service.at}/v1/tenants/current`)).status).toBe(401)
  expect((await service.outcome).code).toBe(0)
})

test('connections that say nothing do not keep it', async () => {
  await using folder = await temporaryFolder()
  const service = await serve(folder.path)
  const port = Number(new URL(service.at).port)
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const idle = new Agent({ keepAlive: true })
  await new Promise((resolve) =>
    request(`${service.at}/healthz`, { agent: idle }, (answer) => answer.resume().on('end', resolve)).end(),
  )
  const started = performance.now()
  const { code } = await service.stop()
  expect(code).toBe(0)
  expect(performance.now() - started).toBeLessThan(3000)
  silent.destroy()
  idle.destroy()
})

test('OPS-O5 a second signal ends it at once', async () => {
  await using folder = await temporaryFolder()
  const service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_DELAY: 'PT1M' } })
  service.process.kill('SIGTERM')
  await pause(200)
  service.process.kill('SIGINT')
  expect((await service.outcome).code).toBe(1)
})

test('OPS-O5 a request under way for too long does not keep it', async () => {
  await using folder = await temporaryFolder()
  const service = await serve(folder.path, [], { env: { LATCHKEY_DRAIN_TIMEOUT: '1' } })
  const socket = connect(Number(new URL(service.at).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.write('POST /v1/directories HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{')
  await pause(200)
  const started = performance.now()
  expect((await service.stop()).code).toBe(0)
  expect(performance.now() - started).toBeGreaterThan(900)
})

test('GOAL-H5 OPS-O6 an error that nobody caught is one line of JSON, an orderly end and exit code 1', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'boom.config.ts')
  await writeFile(file, "setTimeout(() => { throw new Error('boom') }, 3000)\nexport default {}\n")
  const data = join(folder.path, 'data')
  const service = start(['serve', '--port', '0', '--data', data, '--config', file])
  await service.url
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

test('slow clients are sent away', { timeout: 30_000 }, async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const socket = connect(Number(new URL(service.at).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
  const started = performance.now()
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  expect(performance.now() - started).toBeLessThan(14_000)
})
