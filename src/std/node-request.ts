import type { IncomingMessage } from 'node:http'
import { BodyAborted, BodyTooLarge, joinChunks, type LightRequest, splitTarget } from './exchange.ts'

const nothing = new Uint8Array(0)

/** A request of `node:http` in the light shape. Everything is looked up when asked for. */
export class NodeRequest implements LightRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  /** A body was refused for its size: there is more of it on the connection than anybody will read. */
  isOversized = false
  readonly #message: IncomingMessage
  #reading: Promise<Uint8Array> | undefined

  /** @param target the request target in origin form */
  constructor(message: IncomingMessage, target: string) {
    const { path, query } = splitTarget(target)
    this.method = message.method ?? 'GET'
    this.path = path
    this.query = query
    this.#message = message
  }

  get peer(): string | undefined {
    return this.#message.socket.remoteAddress
  }

  get httpVersion(): string {
    return this.#message.httpVersion
  }

  // Node's own `headers` object is built on first use and costs more than the few look-ups of a request; and it drops
  // repeated values where they have to be seen.
  header(name: string): string | undefined {
    const raw = this.#message.rawHeaders
    let found: string | undefined
    for (let i = 0; i < raw.length; i += 2) {
      if (!isNamed(raw[i] as string, name)) continue
      const value = raw[i + 1] as string
      found = found === undefined ? value : `${found}${name === 'cookie' ? '; ' : ', '}${value}`
    }
    return found
  }

  headerValues(name: string): string[] {
    const raw = this.#message.rawHeaders
    const values: string[] = []
    for (let i = 0; i < raw.length; i += 2) if (isNamed(raw[i] as string, name)) values.push(raw[i + 1] as string)
    return values
  }

  async body(limit: number): Promise<Uint8Array> {
    this.#reading ??= this.#read(limit)
    const bytes = await this.#reading
    if (bytes.length > limit) throw new BodyTooLarge(limit)
    return bytes
  }

  async #read(limit: number): Promise<Uint8Array> {
    const declared = this.header('content-length')
    if (declared === undefined && this.header('transfer-encoding') === undefined) return nothing
    try {
      if (Number(declared) > limit) throw new BodyTooLarge(limit)
      return await readMessage(this.#message, limit)
    } catch (error) {
      if (error instanceof BodyTooLarge) this.isOversized = true
      throw error
    }
  }
}

function isNamed(written: string, name: string): boolean {
  return written.length === name.length && (written === name || written.toLowerCase() === name)
}

function readMessage(message: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (message.readableEnded) throw new Error('The request body was read by somebody else before.')
    // Gone while something else was waited for: nothing more will be heard of it.
    if (message.destroyed) throw new BodyAborted()
    const chunks: Uint8Array[] = []
    let length = 0
    const collect = (chunk: Uint8Array): void => {
      chunks.push(chunk)
      length += chunk.length
      if (length <= limit) return
      message.off('data', collect).pause()
      reject(new BodyTooLarge(limit))
    }
    message
      .on('data', collect)
      .on('end', () => resolve(joinChunks(chunks, length)))
      .on('error', (error) => reject(new BodyAborted(error)))
      .on('close', () => {
        // After the end too; an error nobody gets would still pay for its stack.
        if (!message.readableEnded) reject(new BodyAborted())
      })
  })
}
