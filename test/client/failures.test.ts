import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, isApiError, NetworkError, ResponseError } from '../../src/client/errors.ts'
import { account, base, json, refusal, type Seen, scripted } from './scripted.ts'

const unreachable = new TypeError('fetch failed')
/** An answer that never comes. */
const silence = (_: Seen, signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
/** A handler that does not know of signals. */
const deafSilence = () => new Promise<Response>(() => {})

describe('failures', () => {
  it('are errors of the API with all the service says', async () => {
    const { client } = scripted([refusal(409, 2001)])
    const error = await client.accounts.get('a').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      name: 'ApiError',
      method: 'GET',
      url: `${base}/accounts/a`,
      status: 409,
      code: 2001,
      message: 'For users.',
      developerMessage: 'For developers.',
      moreInfo: 'https://docs#error',
      requestId: 'R1',
      retryAfter: undefined,
    })
    expect([isApiError(error), isApiError(error, 2001), isApiError(error, 7100, 2001)]).toEqual([true, true, true])
    expect([isApiError(error, 7100), isApiError(new Error('x')), isApiError(undefined)]).toEqual([false, false, false])
  })

  it('tell what is not the service’s JSON from what is', async () => {
    const page = '<html>Bad gateway</html>'
    for (const answer of [
      json(page, 502),
      json(page),
      json('[]'),
      json('"text"', 400),
      json({ error: 'other' }, 400),
      json(''),
    ]) {
      const { client } = scripted([answer])
      const attempt = client.accounts.get('a')
      await expect(attempt).rejects.toBeInstanceOf(ResponseError)
      await expect(attempt).rejects.toMatchObject({ name: 'ResponseError', status: answer.status })
    }
  })

  it('never name the key or the body', async () => {
    const { client } = scripted([json('nonsense', 500)])
    const directory = client.directories.link('d')
    const error = await directory.update({ name: 'secret name' }).catch((error: unknown) => error)
    const text = JSON.stringify(error) + String(error) + (error as Error).stack
    expect(text).not.toMatch(/S0VZ|KEY|sécret|secret name/)
  })

  it('are told from each other: not reached, not in time, given up by the caller', async () => {
    const post = (client: ReturnType<typeof scripted>['client'], options = {}) =>
      client.directories.create({ name: 'x' }, options)
    await expect(post(scripted([unreachable]).client)).rejects.toMatchObject({
      name: 'NetworkError',
      timedOut: false,
      cause: unreachable,
    })
    for (const never of [silence, deafSilence]) {
      await expect(post(scripted([never], { timeout: 20 }).client)).rejects.toMatchObject({
        name: 'NetworkError',
        timedOut: true,
      })
      await expect(post(scripted([never]).client, { timeout: 20 })).rejects.toBeInstanceOf(NetworkError)
      const reason = new Error('changed my mind')
      const controller = new AbortController()
      const attempt = post(scripted([never]).client, { signal: controller.signal })
      controller.abort(reason)
      await expect(attempt).rejects.toBe(reason)
    }
    const { client, requests } = scripted([json({ href: 'x' })])
    await expect(post(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(requests).toEqual([])
  })

  it('of a body that stops half-way are failures of the network', async () => {
    const { client } = scripted([
      () =>
        new Response(new ReadableStream({ start: (controller) => controller.error(new Error('reset')) }), {
          status: 201,
        }),
    ])
    await expect(client.directories.create({ name: 'x' })).rejects.toBeInstanceOf(NetworkError)
  })
})

describe('another try', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const settle = async <T>(attempt: Promise<T>, ms = 60_000) => {
    const outcome = attempt.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    await vi.advanceTimersByTimeAsync(ms)
    return outcome
  }

  it('is made of reading and deleting after a failed connection, 429 and 503, three in all', async () => {
    for (const step of [unreachable, refusal(429, 429), refusal(503, 503), json('<html>', 503)]) {
      const reading = scripted([step, step, json(account('a'))])
      expect(await settle(reading.client.accounts.get('a'))).toMatchObject({ value: { id: 'a' } })
      const deleting = scripted([step])
      expect(await settle(deleting.client.accounts.link('a').delete())).toHaveProperty('error')
      expect(deleting.requests).toHaveLength(3)
    }
  })

  it('is made of nothing else', async () => {
    for (const step of [
      refusal(500, 500),
      refusal(400, 2000),
      refusal(404, 404),
      refusal(401, 401),
      json('x', 502),
      silence,
    ]) {
      const { client, requests } = scripted([step])
      expect(await settle(client.accounts.get('a'))).toHaveProperty('error')
      expect(requests).toHaveLength(1)
    }
  })

  it('is never made of a creation or change, unless the service itself refused it at the door', async () => {
    const later = { 'retry-after': '1' }
    for (const step of [
      unreachable,
      refusal(429, 429, later),
      refusal(503, 503),
      json('<html>', 503, later),
      refusal(500, 500),
    ]) {
      const { client, requests } = scripted([step])
      expect(await settle(client.directories.create({ name: 'x' }))).toHaveProperty('error')
      expect(await settle(client.directories.link('d').update({ name: 'x' }))).toHaveProperty('error')
      expect(requests).toHaveLength(2)
    }
    const refused = scripted([refusal(503, 503, later), json({ href: `${base}/directories/D` }, 201)])
    expect(await settle(refused.client.directories.create({ name: 'x' }))).toMatchObject({ value: { id: 'D' } })
    // Reading along comes after the write: its refusal says nothing about the write.
    const readingAlong = scripted([refusal(503, 503, later)])
    await settle(readingAlong.client.directories.create({ name: 'x' }, { expand: ['accounts'] }))
    expect(readingAlong.requests).toHaveLength(1)
  })

  it('waits as long as the service asks, and does not wait long', async () => {
    const patient = scripted([refusal(503, 503, { 'retry-after': '2' }), json(account('a'))])
    const attempt = patient.client.accounts.get('a')
    await vi.advanceTimersByTimeAsync(1_990)
    expect(patient.requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(await attempt).toMatchObject({ id: 'a' })

    const date = new Date(Date.now() + 3_000).toUTCString()
    const dated = scripted([refusal(429, 429, { 'retry-after': date }), json(account('a'))])
    expect(await settle(dated.client.accounts.get('a'))).toMatchObject({ value: { id: 'a' } })

    const long = scripted([refusal(429, 429, { 'retry-after': '3600' })])
    expect(await settle(long.client.accounts.get('a'))).toMatchObject({ error: { status: 429, retryAfter: 3600 } })
    expect(long.requests).toHaveLength(1)
  })

  it('ends at once when the caller gives up', async () => {
    const { client, requests } = scripted([refusal(503, 503, { 'retry-after': '5' })])
    const controller = new AbortController()
    const attempt = client.accounts.get('a', { signal: controller.signal }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(100)
    controller.abort()
    expect(await attempt).toMatchObject({ name: 'AbortError' })
    expect(requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind', async () => {
    const { client } = scripted([json(account('a'))])
    await client.accounts.get('a')
    expect(vi.getTimerCount()).toBe(0)
  })
})
