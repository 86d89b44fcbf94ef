import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { latchkey, serve, temporaryFolder } from './latchkey.ts'

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('OPS-O4 OPS-O44 WEB-W157 metrics and health in detail are on a listener of their own', async () => {
  await using folder = await temporaryFolder()
  const port = await freePort()
  await using service = await serve(folder.path, ['--management-port', String(port)])
  const beside = `http://127.0.0.1:${port}`
  await fetch(`${service.at}/v1/tenants/current?secret=canary`, { redirect: 'manual' })
  await fetch(`${service.at}/v1/nowhere/canary`)
  const metrics = await fetch(`${beside}/metrics`)
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await metrics.text()
  expect(text).toContain(
    'latchkey_http_requests_total{route="/v1/tenants/current",method="GET",status_class="4xx"} 1\n',
  )
  expect(text).toContain('latchkey_http_requests_total{route="/v1/*",method="GET",status_class="4xx"} 1\n')
  expect(text).toMatch(/\nlatchkey_http_request_duration_seconds_bucket\{route="\/v1\/\*",le="\+Inf"\} 1\n/)
  expect(text).toMatch(/\nlatchkey_db_commit_units_count [1-9]/)
  expect(text).toContain('\nlatchkey_password_hash_queue_length 0\n')
  expect(text).toContain('\nlatchkey_ready 1\n')
  expect(text).not.toContain('canary')
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) latchkey_\w+ .+|latchkey_\w+(\{[^{}]*\})? [\d.e+-]+)$/)
  }
  const ready = await fetch(`${beside}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    {
      status: 'ok',
      checks: {
        store: { ok: true, ms: expect.any(Number) },
        clock: { ok: true },
        passwords: { ok: true },
        serving: { ok: true },
      },
    },
  ])
  expect((await fetch(`${beside}/healthz`)).status).toBe(200)
  expect((await fetch(`${beside}/startupz`)).status).toBe(200)
  expect((await fetch(`${beside}/v1/tenants/current`)).status).toBe(404)
  expect((await fetch(`${beside}/metrics`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${service.at}/metrics`)).status).toBe(404)
  const { stderr } = await service.stop()
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'info',
      event: 'http.request',
      route: '/v1/tenants/current',
      status: 401,
      src_net: '127.0.0.0/24',
    }),
  )
  expect(stderr).not.toContain('canary')
})

test('OPS-O4 a management port that is taken names its setting, when it was asked for', async () => {
  await using folder = await temporaryFolder()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const words = ['serve', '--port', '0', '--data', folder.path, '--management-port', String(port)]
    const { code, stderr } = await latchkey(words)
    expect(code).toBe(78)
    expect(stderr).toContain(`managementPort ${port} is in use by another program`)
    expect(stderr).toContain(`latchkey serve --management-port ${port + 1}`)
  } finally {
    server.close()
  }
})

test('OPS-O4 off is off, and silent is silent', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, ['--management-port', 'off', '--log-level', 'silent'])
  expect(service.output()).not.toContain('Metrics')
  await fetch(`${service.at}/v1/tenants/current`)
  expect((await service.stop()).stderr).toBe('')
})
