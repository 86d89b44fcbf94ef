import { Handle, list, type Options, read, write } from './handle.ts'
import type { List } from './list.ts'
import type { Transport } from './transport.ts'

/** A collection at the first level of the API: all resources of one kind in the tenant. */
export class FirstLevel {
  readonly #transport: Transport
  readonly href: string

  constructor(transport: Transport, name: string) {
    this.#transport = transport
    this.href = `${transport.base}/${name}`
  }

  link(idOrHref: string): Handle {
    const href = idOrHref.includes('/') ? idOrHref : `${this.href}/${encodeURIComponent(idOrHref)}`
    return new Handle(this.#transport, href)
  }

  async get(idOrHref: string, options: Options = {}): Promise<Handle> {
    return read(this.#transport, this.link(idOrHref).href, options)
  }

  create(draft: object, options: Options = {}): Promise<Handle> {
    return write(this.#transport, this.href, draft, options)
  }

  list(query: Options = {}): List<Handle> {
    return list(this.#transport, this.href, query)
  }
}
