import { connect, type Socket } from 'node:net'
import { cpuOf } from './cpu.ts'
import { quantile } from './statistics.ts'

const OVERLOADED = 503

/** A request as it goes over the wire. */
export type NextRequest = () => Buffer | undefined

export interface LoadOptions {
  port: number
  /** Callers; each sends its next request when it has its answer. */
  connections: number
  /** Ends early when there is no further request. */
  next: NextRequest
  /** Milliseconds. */
  duration: number
  /** The process whose CPU time is read. */
  pid: number
  /** Any other status than this is a failure; 503 is not, but no answer either. 200 when absent. */
  status?: number
  /** Keeps this process from sleeping, which takes a core: where the server needs no more than another one. */
  awake?: boolean
}

export interface Sample {
  /** Answers per second. */
  rate: number
  /** CPU microseconds of the server for one answer, all its threads together. */
  cpu: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Bytes of the last answer's body. */
  bodyBytes: number
}

/**
 * Loads a server over keep-alive connections. It knows just enough HTTP/1.1 to find the end of an answer with a
 * Content-Length, so that it takes little of the machine from who is measured.
 * @throws Error when an answer has another status than expected
 */
export async function load(options: LoadOptions): Promise<Sample> {
  const { port, connections, next, duration, pid, status = 200, awake = false } = options
  const times: number[] = []
  let bodyBytes = 0
  let failure: string | undefined
  const cpuBefore = cpuOf(pid)
  const start = performance.now()
  const end = start + duration
  let last = start
  const sleep = awake ? stayAwake() : () => {}
  await Promise.all(
    Array.from({ length: connections }, () =>
      converse(port, () => (performance.now() < end && failure === undefined ? next() : undefined), {
        answered(answer, ms) {
          if (answer.status === OVERLOADED) return
          if (answer.status !== status) failure ??= answer.text()
          last = performance.now()
          times.push(ms)
          bodyBytes = answer.bodyBytes
        },
      }),
    ),
  )
  sleep()
  if (failure !== undefined) throw new Error(`an answer was not ${status}:\n${failure}`)
  if (times.length === 0) throw new Error('no request was answered')
  const cpu = (cpuOf(pid) - cpuBefore) / times.length
  return {
    rate: (times.length / (last - start)) * 1000,
    cpu: cpu * 1000,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    bodyBytes,
  }
}

/**
 * Keeps this process from sleeping. To wake it would be the server's work, some 20 us of its CPU time for every answer:
 * a slow server would seem slower still beside a fast one, whose client never sleeps.
 */
function stayAwake(): () => void {
  let over = false
  const turn = () => void (over || setImmediate(turn))
  turn()
  return () => {
    over = true
  }
}

interface Answer {
  status: number
  bodyBytes: number
  text(): string
}

/** One connection, until there is nothing more to ask. */
function converse(
  port: number,
  next: NextRequest,
  { answered }: { answered(answer: Answer, ms: number): void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending: Buffer | undefined
    let sentAt = 0
    const send = (socket: Socket) => {
      const request = next()
      if (!request) {
        socket.end()
        return
      }
      sentAt = performance.now()
      socket.write(request)
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => send(socket))
    socket.on('data', (chunk: Buffer) => {
      const data = pending ? Buffer.concat([pending, chunk]) : chunk
      const answer = parse(data)
      if (!answer) {
        pending = data
        return
      }
      pending = undefined
      answered(answer, performance.now() - sentAt)
      send(socket)
    })
    socket.on('error', reject)
    socket.on('close', () => (sentAt > 0 && pending ? reject(new Error('the server hung up')) : resolve()))
  })
}

/** Undefined until the whole answer is there. */
function parse(data: Buffer): Answer | undefined {
  const headEnd = data.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = data.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  const bodyBytes = length === undefined ? chunkedLength(data, headEnd + 4, head) : Number(length)
  if (bodyBytes === undefined || data.length < headEnd + 4 + bodyBytes) return undefined
  return { status: Number(head.slice(9, 12)), bodyBytes, text: () => data.toString() }
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Bytes of a chunked body with its framing; 0 of none. An answer is not cut where a chunk could look like the last. */
function chunkedLength(data: Buffer, start: number, head: string): number | undefined {
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return 0
  return data.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? data.length - start : undefined
}

export interface RequestParts {
  method?: string
  path: string
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  body?: unknown
  /** Sent as a form instead. */
  form?: Readonly<Record<string, string>>
}

/** The bytes of one request. */
export function toRequest(port: number, { method = 'GET', path, headers = {}, body, form }: RequestParts): Buffer {
  const text = form ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body)
  const all = {
    host: `127.0.0.1:${port}`,
    ...headers,
    ...(text !== undefined && {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text ?? ''}`)
}

/** The same few requests over and over. */
export function cycle(requests: readonly Buffer[]): NextRequest {
  let at = 0
  return () => requests[at++ % requests.length]
}
