import { setTimeout as pause } from 'node:timers/promises'
import { type App, openApp } from './app.ts'
import { localUrl, type Settings } from './config.ts'
import { listen } from './listen.ts'
import { type Log, logToStandardError } from './log.ts'

export interface Service {
  app: App
  /** Not ready at once, serving for the drain delay, then no new connections; ends when everything has. */
  stop(): Promise<void>
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
    const app = await openApp(settings, settings.baseUrl ?? localUrl(host, listener.port), { log })
    listener.serve(app.handle)
    return {
      app,
      async stop() {
        app.drain()
        listener.drain()
        await pause(drainDelay)
        await listener.close(drainTimeout)
        await app.close()
      },
    }
  } catch (error) {
    await listener.close(0)
    throw error
  }
}
