import { setTimeout as pause } from 'node:timers/promises'
import type { App } from './app.ts'
import { localUrl, type Settings } from './config.ts'
import { type Listener, listen } from './listen.ts'
import { type Reload, reload, toLive } from './live.ts'
import { atLeast, type Log } from './log.ts'
import { flushStandardError, logToStandardError } from './log-lines.ts'
import { createManagement, type Management } from './management.ts'
import { createMeters } from './metrics/meters.ts'
import { Mistake } from './mistake.ts'

export interface Service {
  app: App
  /** Where it listens, which a proxy in front of `app.baseUrl` has to know. */
  address: string
  /** Where metrics and health in detail are; undefined when they are nowhere. */
  management: string | undefined
  /** Takes over what can change while it runs. */
  reload(now: Settings): Reload
  /** Not ready at once, serving for `delay` ms more, then no new connections; ends when everything has. */
  stop(delay?: number): Promise<void>
}

/**
 * The app of the settings behind a port of its own. The port comes first: a second start by mistake touches nothing,
 * and who asks early waits for the answer.
 * @throws Mistake
 */
export async function startService(settings: Settings, sink: Log = logToStandardError): Promise<Service> {
  const { host, port, maxConnections, drainDelay, drainTimeout, managementHost } = settings
  const live = toLive(settings)
  let current = settings
  const log = atLeast(() => live.logLevel, sink)
  const listener = await listen({ host, port, maxConnections, log })
  const meters = createMeters()
  const management = createManagement(meters.registry)
  let beside: Listener | undefined
  try {
    beside = await listenBeside(settings, management, log)
    const { openApp } = await import('./open-app.ts')
    const address = localUrl(host, listener.port)
    const app = await openApp(settings, settings.baseUrl ?? address, {
      log: sink,
      live,
      ...(beside && { meters, opened: management.opened }),
    })
    listener.serve(app.handle)
    return {
      app,
      address,
      management: beside && localUrl(managementHost, beside.port),
      reload(now) {
        const outcome = reload(live, current, now)
        current = now
        return outcome
      },
      async stop(delay = drainDelay) {
        app.drain()
        listener.drain()
        await pause(delay)
        await listener.close(drainTimeout)
        await app.close()
        await beside?.close(0)
        flushStandardError()
      },
    }
  } catch (error) {
    await listener.close(0)
    await beside?.close(0)
    throw error
  }
}

/** On a machine of one's own two services may run beside each other: the second does without, unless it was asked for. */
async function listenBeside(
  { managementHost, managementPort, managementWanted }: Settings,
  { handle }: Management,
  log: Log,
): Promise<Listener | undefined> {
  if (managementPort === 0) return undefined
  const settings = { host: 'managementHost', port: 'managementPort' } as const
  try {
    const listener = await listen({ host: managementHost, port: managementPort, log, settings })
    listener.serve(handle)
    return listener
  } catch (error) {
    if (managementWanted || !(error instanceof Mistake)) throw error
    log({ level: 'warn', event: 'management.absent', msg: `${error.message}: there are no metrics`, fix: error.fix })
    return undefined
  }
}
