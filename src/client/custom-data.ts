import { toBody } from './body.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Custom data that has not been read: where it is, and what may be done with it. */
export interface CustomData<T> {
  readonly href: string
  /** Reads all members. */
  get(options?: CallOptions): Promise<T>
  /**
   * Sets these members and leaves the others alone; a member is replaced as a whole. `null` is stored as null. Resolves
   * to all members as they are now.
   *
   * @example await account.customData.set({ plan: 'pro', seats: 12 })
   */
  set(members: Partial<T>, options?: CallOptions): Promise<T>
  /** Deletes one member, or everything when none is named. */
  delete(name?: keyof T & string, options?: CallOptions): Promise<void>
}

/**
 * Custom data that was read along with its owner (`expand: ['customData']`).
 *
 * Numbers are exact: one that JavaScript would print differently (64-bit integers, `0.00`, a hundred digits) is a
 * `RawNumber`. `numberText` gives its digits, `exactNumber` makes one, and what is written back is what was read.
 */
export interface ReadCustomData<T> extends CustomData<T> {
  readonly data: T
}

/** Custom data from its representation: its address alone, or all of it. */
export function toCustomData(transport: Transport, json: object & { href: string }): CustomData<object> {
  const handle = new CustomDataHandle(transport, json.href)
  if (Object.keys(json).length > 1) Object.assign(handle, { data: membersOf(json) })
  return handle
}

class CustomDataHandle implements CustomData<object> {
  readonly #transport: Transport
  readonly href: string

  constructor(transport: Transport, href: string) {
    this.#transport = transport
    this.href = href
  }

  async get(options?: CallOptions): Promise<object> {
    const call = { method: 'GET', href: this.href, repeat: 'always', expects: 'href' } as const
    return membersOf(await this.#transport.send({ ...call, ...options }))
  }

  async set(members: object, options?: CallOptions): Promise<object> {
    const body = toBody(members)
    const call = { method: 'POST', href: this.href, body, repeat: 'refused', expects: 'href' } as const
    return membersOf(await this.#transport.send({ ...call, ...options }))
  }

  async delete(name?: string, options?: CallOptions): Promise<void> {
    const href = name === undefined ? this.href : `${this.href}/${encodeURIComponent(name)}`
    await this.#transport.send({ method: 'DELETE', href, repeat: 'always', ...options })
  }
}

/** What belongs to the user: all but the three members of the house. (contract/rest.md §11) */
function membersOf(json: unknown): object {
  const { href, createdAt, modifiedAt, ...members } = json as Record<string, unknown>
  return members
}
