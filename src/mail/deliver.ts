import type { Services } from '../core/context.ts'
import { RefusedForGood } from '../core/outbox/sender.ts'
import type { Claimed, Message } from '../core/ports.ts'
import { ownServer, toMailServer } from '../core/smtp-servers.ts'
import type { Entity } from '../resources/registry.ts'
import { createSmtpTransport, toSmtpOptions } from './smtp.ts'
import type { Transport } from './transport.ts'

export interface DeliveryOptions {
  services: Pick<Services, 'store' | 'seal'>
  /** The way out of the service itself; undefined when it has none. */
  transport: Transport | undefined
  /** Whether tenants may name hosts on private networks. */
  allowInside: boolean
  /** A tenant's own server could not be used, and the service's own way was taken. */
  onFallback(server: Entity<'smtpServer'>, error: unknown): Promise<void>
}

export interface Delivery {
  deliver(mail: Claimed, message: Message): Promise<void>
  close(): Promise<void>
}

/** Connections to tenants' servers that stay open at a time. */
const MOST_OPEN = 20

/** Sends each mail through the server of its tenant, and where that fails, or there is none, through the service's own way. */
export function createDelivery({ services, transport, allowInside, onFallback }: DeliveryOptions): Delivery {
  const open = new Map<string, Transport>()

  function transportOf(server: Entity<'smtpServer'>): Transport {
    const key = `${server.id} ${server.modifiedAt} ${server.password}`
    const known = open.get(key)
    if (known) return known
    const made = createSmtpTransport(toSmtpOptions(toMailServer(services, server)), { allowInside })
    open.set(key, made)
    const [oldest] = open
    if (open.size > MOST_OPEN && oldest) {
      open.delete(oldest[0])
      oldest[1].close().catch(() => {})
    }
    return made
  }

  return {
    async deliver(mail, message) {
      const server = await ownServer(services.store, mail.tenant)
      // The news that it fails does not go through it.
      const own = server?.status === 'ENABLED' && mail.kind !== 'mailServerFailed' ? server : undefined
      if (own) {
        try {
          return await transportOf(own).send(message)
        } catch (error) {
          if (error instanceof RefusedForGood || !transport) throw error
          await onFallback(own, error)
        }
      }
      if (!transport) throw new Error('no way to send mail is set up')
      await transport.send(message)
    },
    async close() {
      await Promise.all([transport, ...open.values()].map((each) => each?.close()))
    },
  }
}
