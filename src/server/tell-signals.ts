import type { Listen, Signal } from '../core/signals.ts'
import type { Log, LogRecord } from './log.ts'
import type { Meters } from './metrics/meters.ts'

/** Hands what the engine signals to the log and the metrics. */
export function tellSignals(log: Log, meters: Meters | undefined): Listen {
  return (signal) => {
    meters?.signal(signal)
    log(toRecord(signal))
  }
}

/** Stable codes, ids and networks; no names. */
function toRecord({ type, tenant, requestId, ...facts }: Signal): LogRecord {
  const { application, account, network, key, ...rest } = facts as Record<string, unknown>
  const { level, event, msg } = describe({ type, tenant, requestId, ...facts } as Signal)
  return { level, event, msg, req_id: requestId, tenant, app: application, account, key, src_net: network, ...rest }
}

function describe(signal: Signal): Pick<LogRecord, 'level' | 'event' | 'msg'> {
  switch (signal.type) {
    case 'login':
      return signal.outcome === 'ok'
        ? { level: 'debug', event: 'auth.login.succeeded', msg: 'a log-in succeeded' }
        : { level: 'info', event: 'auth.login.failed', msg: 'a log-in failed' }
    case 'loginPaused':
      return { level: 'warn', event: 'auth.login.paused', msg: 'log-ins to an account are paused after many failures' }
    case 'limited':
      return { level: 'info', event: 'auth.limited', msg: 'a limit refused a request' }
    case 'attackSuspected':
      return { level: 'warn', event: 'auth.attack.suspected', msg: 'far more log-ins fail than people mistype' }
    case 'tokenReused':
      return { level: 'warn', event: 'auth.token.reused', msg: 'a refresh token came back after it was replaced' }
    case 'keyRefused':
      return { level: 'warn', event: 'auth.key.refused', msg: 'an API key that is disabled was used' }
  }
}
