import { expect, test } from 'vitest'
import { refuse } from '../schema/problems.ts'
import { BodyAborted, BodyTooLarge, type Handler, type LightRequest } from '../std/exchange.ts'
import type { LogRecord } from './log.ts'
import { createRouter } from './router.ts'

const request = { method: 'GET', path: '/v1/x', query: '', header: () => undefined } as unknown as LightRequest

function route(rest: Handler): { answer: ReturnType<Handler>; logged: LogRecord[] } {
  const logged: LogRecord[] = []
  const unused: Handler = () => Promise.reject(new Error('not asked for'))
  const health = { live: unused, ready: unused, drain() {} }
  const handle = createRouter({
    rest,
    oauth: unused,
    clientApi: { placeOf: () => undefined, answer: unused },
    links: {},
    inbox: undefined,
    owner: unused,
    health,
    development: true,
    log: (line) => logged.push(line),
  })
  return { answer: handle(request), logged }
}

test('GOAL-H5 a fault of ours is told plainly and logged whole', async () => {
  const { answer, logged } = route(async () => {
    throw new Error('the secret reason', { cause: new TypeError('beneath it') })
  })
  const { status, body } = await answer
  expect(status).toBe(500)
  expect(body).not.toContain('secret reason')
  expect(logged).toMatchObject([
    {
      event: 'http.failed',
      req_id: JSON.parse(body as string).requestId,
      err: { name: 'Error', message: 'the secret reason', cause: { name: 'TypeError', message: 'beneath it' } },
    },
  ])
})

test('what may pass is no fault', async () => {
  const busy = route(async () => refuse('overloaded', { retryAfterSeconds: 3, reason: 'the database is busy' }))
  expect(await busy.answer).toMatchObject({ status: 503, headers: { 'retry-after': '3' } })
  expect(busy.logged).toEqual([])
})

test('a body that is too long is no fault', async () => {
  const { answer, logged } = route(async () => {
    throw new BodyTooLarge(1)
  })
  expect((await answer).status).toBe(413)
  expect(logged).toEqual([])
})

test('nobody answers a client that is gone', async () => {
  const { answer, logged } = route(async () => {
    throw new BodyAborted()
  })
  await expect(answer).rejects.toThrow(BodyAborted)
  expect(logged).toEqual([])
})
