import { describe, expect, test } from 'vitest'
import { BodyAborted, BodyTooLarge, type Handler, type LightRequest, type LightResponse, toFetch } from './exchange.ts'

const ok: LightResponse = { status: 200, headers: {}, body: undefined }

/** Hands the light request of a real one to `look` and gives what that returns. */
async function seen<T>(request: Request, look: (light: LightRequest) => Promise<T> | T): Promise<T> {
  let result: { value: T } | undefined
  await toFetch(async (light) => {
    result = { value: await look(light) }
    return ok
  })(request)
  if (!result) throw new Error('The handler was not called.')
  return result.value
}

describe('toFetch: the request', () => {
  test.each([
    ['http://h/v1/accounts/a%2Fb?x=%20y&z=1', '/v1/accounts/a%2Fb', 'x=%20y&z=1'],
    ['https://h:8443/', '/', ''],
    ['http://h', '/', ''],
    ['http://h/a//b?c?d', '/a//b', 'c?d'],
    ['http://h/a?', '/a', ''],
    ['http://h/a?b#c?d', '/a', 'b'],
    ['http://h/a#c?d', '/a', ''],
  ])('%s', async (url, path, query) => {
    expect(await seen(new Request(url), (light) => [light.method, light.path, light.query, light.peer])).toEqual([
      'GET',
      path,
      query,
      undefined,
    ])
  })

  test('headers', async () => {
    const headers = new Headers({ Accept: 'text/html' })
    headers.append('x-many', 'a')
    headers.append('x-many', 'b')
    await seen(new Request('http://h/', { headers }), (light) => {
      expect(light.header('accept')).toBe('text/html')
      expect(light.header('x-many')).toBe('a, b')
      expect(light.header('x-none')).toBeUndefined()
      expect(light.headerValues('accept')).toEqual(['text/html'])
      expect(light.headerValues('x-none')).toEqual([])
    })
  })
})

describe('toFetch: the body', () => {
  const post = (body: string | ReadableStream, headers?: Record<string, string>) =>
    new Request('http://h/', { method: 'POST', body, ...(headers && { headers }), duplex: 'half' } as RequestInit)
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

  test('is read up to its limit, as often as asked', async () => {
    await seen(post('héllo'), async (light) => {
      expect(text(await light.body(6))).toBe('héllo')
      expect(text(await light.body(6))).toBe('héllo')
      await expect(light.body(5)).rejects.toBeInstanceOf(BodyTooLarge)
    })
  })

  test('is empty when there is none', async () => {
    expect(await seen(new Request('http://h/'), (light) => light.body(0))).toHaveLength(0)
  })

  test('arrives in pieces', async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (const piece of ['a', 'bc', 'd']) controller.enqueue(new TextEncoder().encode(piece))
        controller.close()
      },
    })
    expect(text(await seen(post(stream), (light) => light.body(4)))).toBe('abcd')
  })

  test('longer than the limit is not read on', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1000))
      },
      cancel() {
        cancelled = true
      },
    })
    await seen(post(endless), async (light) => {
      const error = await light.body(5_000).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(BodyTooLarge)
      expect((error as BodyTooLarge).limit).toBe(5_000)
    })
    expect(pulled).toBeLessThan(10)
    expect(cancelled).toBe(true)
  })

  test('of a declared length above the limit is not read at all', async () => {
    let pulled = false
    const stream = new ReadableStream(
      {
        pull() {
          pulled = true
        },
      },
      { highWaterMark: 0 },
    )
    await seen(post(stream, { 'content-length': '11' }), async (light) => {
      await expect(light.body(10)).rejects.toBeInstanceOf(BodyTooLarge)
    })
    expect(pulled).toBe(false)
  })

  test('that breaks off', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error('gone'))
      },
    })
    await seen(post(broken), async (light) => {
      await expect(light.body(10)).rejects.toBeInstanceOf(BodyAborted)
    })
  })
})

describe('toFetch: the response', () => {
  const fetchOf = (response: LightResponse, method = 'GET') =>
    toFetch(async () => response)(new Request('http://h/', { method }))

  test('has the status, headers and body of the light one', async () => {
    const headers = { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] }
    const response = await fetchOf({ status: 201, headers, body: '{"é":1}' })
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.text()).toBe('{"é":1}')
  })

  test('invents no content type', async () => {
    expect((await fetchOf({ status: 200, headers: {}, body: 'x' })).headers.has('content-type')).toBe(false)
  })

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 205],
    ['GET', 304],
  ])('%s %d has no body', async (method, status) => {
    const response = await fetchOf({ status, headers: {}, body: 'x' }, method)
    expect(response.status).toBe(status)
    expect(response.body).toBeNull()
  })
})

describe('toFetch: a handler that rejects', () => {
  const request = () => new Request('http://h/', { method: 'POST', body: 'too long' })

  test('with BodyTooLarge answers 413', async () => {
    const handler: Handler = async (light) => ({ ...ok, body: await light.body(3) })
    expect((await toFetch(handler)(request())).status).toBe(413)
  })

  test('with anything else rejects', async () => {
    const handler: Handler = () => Promise.reject(new Error('bug'))
    await expect(toFetch(handler)(request())).rejects.toThrow('bug')
  })
})
