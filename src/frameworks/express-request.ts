import type { Request } from 'express'
import { splitTarget } from '../std/exchange.ts'
import { isNearby } from '../std/network.ts'
import { NodeRequest } from '../std/node-request.ts'
import type { WebRequest } from '../web/request.ts'

type TrustProxy = (address: string | undefined, hop: number) => boolean

/** A request of Express 4 or 5. Everything is looked up when it is asked for. */
export class ExpressRequest implements WebRequest {
  readonly #req: Request
  readonly path: string
  readonly query: string
  #node: NodeRequest | undefined

  constructor(req: Request) {
    const { path, query } = splitTarget(req.url)
    this.#req = req
    this.path = path
    this.query = query
  }

  get method(): string {
    return this.#req.method
  }

  get native(): Request {
    return this.#req
  }

  get peer(): string | undefined {
    return this.#req.socket.remoteAddress
  }

  get httpVersion(): string {
    return this.#req.httpVersion
  }

  get mount(): string {
    return this.#req.baseUrl.replace(/^[/\\]+/, '/')
  }

  get originalUrl(): string {
    return this.#req.originalUrl
  }

  /** As Express says, which takes its time: only where a proxy has something to say. */
  get secure(): boolean {
    if (this.#req.headers['x-forwarded-proto'] !== undefined) return this.#req.secure
    return (this.#req.socket as { encrypted?: boolean }).encrypted === true
  }

  get ip(): string | undefined {
    return this.unheardProxy === undefined ? this.#req.ip : undefined
  }

  get unheardProxy(): string | undefined {
    if (this.header('x-forwarded-for') === undefined || this.#trusts(this.peer)) return undefined
    // From anywhere else the header may be the user's own, who would be counted nowhere for it.
    return isNearby(this.peer) ? "app.set('trust proxy', 1)" : undefined
  }

  /** Express tells the host without its port, or in one version only. */
  get host(): string | undefined {
    const forwarded = this.header('x-forwarded-host')
    return forwarded !== undefined && this.#trusts(this.peer) ? forwarded.split(',')[0]?.trim() : this.header('host')
  }

  #trusts(peer: string | undefined): boolean {
    return (this.#req.app.get('trust proxy fn') as TrustProxy)(peer, 0)
  }

  header(name: string): string | undefined {
    const value = this.#req.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headerValues(name: string): string[] {
    return this.#req.headersDistinct[name] ?? []
  }

  /**
   * What a body parser left. One that found nothing of its own leaves `{}` and the body unread (Express 4); where the
   * body is gone and nothing is left of it, nothing was said.
   */
  get parsed(): unknown {
    const { body } = this.#req as { body: unknown }
    const isRead = this.#req.readableEnded || (this.#req as { _body?: boolean })._body === true
    if (body === undefined || body === null) return isRead ? {} : undefined
    const isEmpty = typeof body === 'object' && Object.keys(body).length === 0
    return isEmpty && !isRead ? undefined : body
  }

  body(limit: number): Promise<Uint8Array> {
    this.#node ??= new NodeRequest(this.#req, this.#req.url)
    return this.#node.body(limit)
  }
}
