import { createDispatcher, type Dispatcher } from '../webhooks/dispatcher.ts'
import type { Settings } from './config.ts'
import { errorFields, type Log } from './log.ts'
import type { OpenEngine } from './open-engine.ts'

/** Starts to post to webhooks what happens. */
export function startWebhooks({ engine, webhooks }: OpenEngine, settings: Settings, log: Log): Dispatcher {
  const dispatcher = createDispatcher({
    engine,
    allowInside: settings.webhooks.allowPrivateTargets,
    onFailure: ({ id, tenant, subject, attempts }, error) =>
      log({
        level: 'info',
        event: 'webhook.failed',
        msg: 'an event could not be posted and is tried again',
        delivery: id,
        webhook: subject,
        tenant,
        attempts,
        reason: error instanceof Error ? error.message : String(error),
      }),
    onTrouble: (error) =>
      log({
        level: 'warn',
        event: 'webhooks.failed',
        msg: 'events for webhooks could not be looked for; it is tried again soon',
        err: errorFields(error),
      }),
  })
  webhooks.wake = dispatcher.wake
  dispatcher.wake()
  return dispatcher
}
