import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startReceiver } from '../support/receiver.ts'
import { type RunningService, startService } from '../support/service.ts'

const KILLS = 4

test('GOAL-F1 WEB-W122 a service killed again and again posts everything that was acknowledged', {
  timeout: 300_000,
}, async () => {
  const data = await mkdtemp(join(tmpdir(), 'latchkey-crash-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  await using receiver = await startReceiver()
  const acknowledged: string[] = []
  for (let round = 0; round <= KILLS; round++) {
    const service = await startService({ data })
    if (round === 0)
      await post(service, 'webhooks', { url: receiver.url, eventTypes: ['group.created', 'directory.*'] })
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; ; turn++) {
        const answer = await post(service, 'directories', { name: `${round}-${writer}-${turn}` }).catch(() => undefined)
        if (answer === undefined) return
        acknowledged.push(answer.href.split('/').at(-1) as string)
      }
    })
    const before = acknowledged.length
    while (acknowledged.length < before + 24) await pause(10)
    await service.kill()
    await Promise.all(writing)
  }
  const last = await startService({ data })
  const posted = () => new Set(receiver.received.map(({ body }) => JSON.parse(body).data.target.id as string))
  const missing = () => acknowledged.filter((id) => !posted().has(id))
  // What was on its way when it died is claimed for a minute; everything else of its webhook waits behind it.
  for (let tries = 0; tries < 2200 && missing().length > 0; tries++) await pause(100)
  await last.stop()
  expect(missing()).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(KILLS * 20)
})

async function post(service: RunningService, to: string, body: object): Promise<{ href: string }> {
  const response = await fetch(`${service.url}/v1/${to}`, {
    method: 'POST',
    headers: { authorization: service.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { href: string }
}
