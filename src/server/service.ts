import { setTimeout as pause } from 'node:timers/promises'
import type { App } from './app.ts'
import { localUrl, type Settings } from './config.ts'
import { listen } from './listen.ts'
import { type Log, logToStandardError } from './log.ts'

export interface Service {
  app: App
  /** Where it listens, which a proxy in front of `app.baseUrl` has to know. */
  address: string
  /** Not ready at once, serving for `delay` ms more, then no new connections; ends when everything has. */
  stop(delay?: number): Promise<void>
}

/**
 * The app of the settings behind a port of its own. The port comes first: a second start by mistake touches nothing,
 * and who asks early waits for the answer.
 * @throws Mistake
 */
export async function startService(settings: Settings, log: Log = logToStandardError): Promise<Service> {
  const { host, port, drainDelay, drainTimeout } = settings
  const listener = await listen({ host, port, log })
  try {
    const { openApp } = await import('./open-app.ts')
    const address = localUrl(host, listener.port)
    const app = await openApp(settings, settings.baseUrl ?? address, { log })
    listener.serve(app.handle)
    return {
      app,
      address,
      async stop(delay = drainDelay) {
        app.drain()
        listener.drain()
        await pause(delay)
        await listener.close(drainTimeout)
        await app.close()
      },
    }
  } catch (error) {
    await listener.close(0)
    throw error
  }
}
