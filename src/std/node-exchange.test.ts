import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BodyAborted, type Handler, type LightRequest, type LightResponse } from './exchange.ts'
import { createNodeListener, refuseConnect } from './node-exchange.ts'

let server: Server
let handler: Handler
let errors: unknown[]

beforeEach(async () => {
  errors = []
  handler = async () => ({ status: 200, headers: {}, body: 'ok' })
  const listener = createNodeListener((request) => handler(request), { onError: (error) => errors.push(error) })
  // Without limits of Node's own: what is closed, our code closes.
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }
  server = createServer(limits, listener).on('connect', refuseConnect)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function open(): Socket {
  return connect((server.address() as AddressInfo).port, '127.0.0.1')
}

/** Sends bytes as they are and gives all that comes back until the server hangs up. */
async function raw(text: string): Promise<string> {
  const socket = open()
  socket.write(text)
  return received(socket)
}

async function received(socket: Socket): Promise<string> {
  let answer = ''
  for await (const chunk of socket.setEncoding('latin1')) answer += chunk
  return answer
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init)
}

/** Lets the next handler call be looked at. */
function look<T>(at: (request: LightRequest) => T): { value?: T } {
  const result: { value?: T } = {}
  handler = async (request) => {
    result.value = at(request)
    return { status: 204, headers: {}, body: undefined }
  }
  return result
}

const close = 'Connection: close\r\n\r\n'

describe('the request', () => {
  test.each([
    ['/v1/a%2Fb//c?x=%20y?z', '/v1/a%2Fb//c', 'x=%20y?z'],
    ['/', '/', ''],
    ['/?', '/', ''],
    ['//double', '//double', ''],
    ['http://H:80/a/b?c=d', '/a/b', 'c=d'],
    ['HTTP://h:80?c=d', '/', 'c=d'],
    ['*', '*', ''],
  ])('target %s', async (target, path, query) => {
    const seen = look((request) => [request.method, request.path, request.query, request.peer])
    expect(await raw(`OPTIONS ${target} HTTP/1.1\r\nHost: h:80\r\n${close}`)).toMatch(/^HTTP\/1.1 204 /)
    expect(seen.value).toEqual(['OPTIONS', path, query, '127.0.0.1'])
  })

  test('headers, repeated ones too', async () => {
    const seen = look((request) => ({
      joined: request.header('authorization'),
      cookie: request.header('cookie'),
      none: request.header('x-none'),
      values: request.headerValues('authorization'),
      noValues: request.headerValues('x-none'),
    }))
    await raw(
      `GET / HTTP/1.1\r\nHost: h\r\nAUTHORIZATION: a\r\nCookie: x=1\r\nauthorization: b\r\ncookie: y=2\r\n${close}`,
    )
    expect(seen.value).toEqual({
      joined: 'a, b',
      cookie: 'x=1; y=2',
      none: undefined,
      values: ['a', 'b'],
      noValues: [],
    })
  })
})

describe('the body', () => {
  const echo =
    (limit: number): Handler =>
    async (request) => ({ status: 200, headers: {}, body: await request.body(limit) })

  test('with a length and in chunks', async () => {
    handler = echo(10)
    expect(await (await ask('/', { method: 'POST', body: 'ten bytes!' })).text()).toBe('ten bytes!')
    const chunked = 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n'
    expect(await raw(`${chunked}${close}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`)).toMatch(/\r\n\r\nabcde$/)
  })

  test('none', async () => {
    handler = echo(0)
    expect((await ask('/')).status).toBe(200)
    expect((await ask('/', { method: 'POST', body: '' })).status).toBe(200)
  })

  test('asked for twice, also by a stricter reader', async () => {
    handler = async (request) => {
      const first = await request.body(10)
      const again = await request.body(10)
      const stricter = await request.body(3).catch((error: Error) => error.name)
      return { status: 200, headers: {}, body: `${first === again} ${stricter}` }
    }
    expect(await (await ask('/', { method: 'POST', body: 'hello' })).text()).toBe('true BodyTooLarge')
  })

  test('never asked for: the connection goes on', async () => {
    const body = 'x'.repeat(100_000)
    const answer = await raw(
      `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\nHost: h\r\n${close}`,
    )
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2)
  })

  test('read by somebody else before: an error, not a wait', async () => {
    const listener = createNodeListener(echo(10), { onError: (error) => errors.push(error) })
    server.removeAllListeners('request').on('request', (req, res) => req.resume().on('end', () => listener(req, res)))
    expect((await ask('/', { method: 'POST', body: 'x' })).status).toBe(500)
    expect(String(errors[0])).toContain('read by somebody else')
    expect((await ask('/')).status).toBe(200)
  })
})

describe('a body that is too large', () => {
  const tooLarge: Handler = async (request) => {
    await request.body(1_000)
    throw new Error('unreachable')
  }
  const handled: Handler = async (request) => {
    await request.body(1_000).catch(() => undefined)
    return { status: 400, headers: { 'x-handled': 'yes' }, body: 'sorry' }
  }

  test('is 413 unless the handler says otherwise, and no bug', async () => {
    handler = tooLarge
    expect((await ask('/', { method: 'POST', body: 'x'.repeat(1_001) })).status).toBe(413)
    handler = handled
    const response = await ask('/', { method: 'POST', body: 'x'.repeat(1_001) })
    expect([response.status, response.headers.get('x-handled'), await response.text()]).toEqual([400, 'yes', 'sorry'])
    expect(errors).toEqual([])
  })

  test.each([
    ['declared', 'Content-Length: 1000000\r\n\r\nxxx'],
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`],
  ])('%s: the connection is closed after the answer', async (_, rest) => {
    handler = handled
    // The client keeps its side open and sends no more: only the server can end this.
    const answer = await raw(`POST / HTTP/1.1\r\nHost: h\r\n${rest}`)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toMatch(/connection: close/i)
    expect(answer).toMatch(/sorry$/)
  })

  test('a request behind it is not served', async () => {
    handler = handled
    const body = 'x'.repeat(2_000)
    const answer = await raw(
      `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n${body}GET / HTTP/1.1\r\nHost: h\r\n\r\n`,
    )
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1)
  })

  test('a client that sends megabytes first still gets the answer', async () => {
    handler = handled
    for (let i = 0; i < 5; i++) {
      const response = await ask('/', { method: 'POST', body: new Uint8Array(20_000_000) })
      expect([response.status, await response.text()]).toEqual([400, 'sorry'])
    }
  })

  test('is neither kept nor read on while the handler works', async () => {
    let connection: Socket | undefined
    server.on('connection', (socket) => {
      connection = socket
    })
    let read = 0
    handler = async (request) => {
      await request.body(1_000).catch(() => undefined)
      await wait(100)
      read = connection?.bytesRead ?? 0
      return { status: 400, headers: {}, body: undefined }
    }
    const socket = open()
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
    for (let i = 0; i < 100; i++) socket.write(`186a0\r\n${'x'.repeat(100_000)}\r\n`)
    await received(socket)
    expect(read).toBeGreaterThan(1_000)
    expect(read).toBeLessThan(1_000_000)
  })
})

describe('the response', () => {
  const respond = (response: Partial<LightResponse>) => {
    handler = async () => ({ status: 200, headers: {}, body: undefined, ...response })
  }

  test('has a Content-Length in bytes', async () => {
    respond({ body: 'é', headers: { 'set-cookie': ['a=1', 'b=2'], 'X-Case': 'kept' } })
    const answer = await raw(`GET / HTTP/1.1\r\nHost: h\r\n${close}`)
    expect(answer).toContain('\r\ncontent-length: 2\r\n')
    expect(answer).toContain('\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n')
    expect(answer).toContain('\r\nX-Case: kept\r\n')
    respond({ body: new Uint8Array(3) })
    expect((await ask('/')).headers.get('content-length')).toBe('3')
    respond({})
    expect((await ask('/')).headers.get('content-length')).toBe('0')
  })

  test('leaves the headers it was given alone', async () => {
    const headers = Object.freeze({ 'x-shared': '1' })
    respond({ headers, body: 'x' })
    expect((await ask('/')).headers.get('x-shared')).toBe('1')
    expect(errors).toEqual([])
  })

  test.each([204, 304])('%d has neither body nor length', async (status) => {
    respond({ status, body: 'nothing' })
    const answer = await raw(`GET / HTTP/1.1\r\nHost: h\r\n${close}`)
    expect(answer).not.toMatch(/content-length|transfer-encoding/i)
    expect(answer).toMatch(/\r\n\r\n$/)
  })

  test('to HEAD has the length, not the body', async () => {
    respond({ body: 'four' })
    const answer = await raw(`HEAD / HTTP/1.1\r\nHost: h\r\n${close}`)
    expect(answer).toContain('content-length: 4')
    expect(answer).toMatch(/\r\n\r\n$/)
  })

  test('a handler that rejects or throws: 500, and the error is heard', async () => {
    for (const broken of [
      () => Promise.reject(new Error('bug')),
      () => {
        throw new Error('bug')
      },
    ] as Handler[]) {
      handler = broken
      const response = await ask('/')
      expect([response.status, await response.text()]).toEqual([500, ''])
    }
    expect(errors.map(String)).toEqual(['Error: bug', 'Error: bug'])
  })

  test('a header that would split the response: 500, and nothing of it is sent', async () => {
    respond({ headers: { 'x-evil': 'a\r\nset-cookie: b=1' }, body: 'x' })
    const response = await ask('/')
    expect([response.status, response.headers.get('set-cookie')]).toEqual([500, null])
    expect(errors).toHaveLength(1)
  })
})

describe('refused before the handler', () => {
  beforeEach(() => {
    handler = async () => {
      throw new Error('The handler was called.')
    }
  })

  test.each([
    ['two Host headers', 'GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n'],
    ['the same Host twice', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n'],
    ['an absolute target of another authority', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n'],
    ['an absolute target with user information', 'GET http://a@b/ HTTP/1.1\r\nHost: b\r\n'],
    ['an absolute target of another port', 'GET http://a:81/ HTTP/1.1\r\nHost: a\r\n'],
    ['a target of another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n'],
    ['chunked coding on HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n'],
  ])('%s: 400, closed', async (_, head) => {
    const answer = await raw(`${head}\r\n${head.includes('chunked') ? '0\r\n\r\n' : ''}`)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toMatch(/connection: close/i)
    expect(errors).toEqual([])
  })

  test('TRACE and CONNECT: 405', async () => {
    expect(await raw(`TRACE / HTTP/1.1\r\nHost: a\r\n${close}`)).toMatch(/^HTTP\/1.1 405 .*\r\nallow: GET, /is)
    expect(await raw('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')).toMatch(/^HTTP\/1.1 405 .*\r\nallow: GET, /is)
    expect(errors).toEqual([])
  })
})

describe('a client that goes away', () => {
  test('in the middle of its body', async () => {
    const called = Promise.withResolvers<void>()
    const seen = Promise.withResolvers<unknown>()
    handler = async (request) => {
      called.resolve()
      try {
        await request.body(1_000)
      } catch (error) {
        seen.resolve(error)
        throw error
      }
      throw new Error('unreachable')
    }
    const socket = open()
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc')
    await called.promise
    socket.resetAndDestroy()
    expect(await seen.promise).toBeInstanceOf(BodyAborted)
    await wait(50)
    expect(errors).toEqual([])
    expect((await ask('/', { method: 'POST', body: 'x' })).status).toBe(500)
  })

  test.each(['destroy', 'resetAndDestroy'] as const)('before its answer (%s)', async (way) => {
    const called = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<void>()
    handler = async () => {
      called.resolve()
      await gone.promise
      queueMicrotask(() => setImmediate(answered.resolve))
      return { status: 200, headers: {}, body: 'x'.repeat(1_000_000) }
    }
    const socket = open()
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await called.promise
    socket[way]()
    await wait(50)
    gone.resolve()
    await answered.promise
    await wait(20)
    expect(errors).toEqual([])
    handler = async () => ({ status: 200, headers: {}, body: 'alive' })
    expect(await (await ask('/')).text()).toBe('alive')
  })

  test('while its too large body is thrown away', async () => {
    handler = async (request) => {
      await request.body(10).catch(() => undefined)
      return { status: 413, headers: {}, body: 'x' }
    }
    const socket = open()
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.resetAndDestroy()
    await wait(50)
    expect(errors).toEqual([])
    expect((await ask('/')).status).toBe(413)
  })

  test('after CONNECT', async () => {
    const socket = open()
    socket.write('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')
    socket.resetAndDestroy()
    await wait(50)
    handler = async () => ({ status: 200, headers: {}, body: 'alive' })
    expect((await ask('/')).status).toBe(200)
  })
})
