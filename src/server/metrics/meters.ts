import type { Signal } from '../../core/signals.ts'
import { createRegistry, type Registry } from './registry.ts'

/** What is measured while the service runs (operations.md 2); what is only read when asked is in process.ts. */
export interface Meters {
  registry: Registry
  request(exchange: { route: string; method: string; status: number; seconds: number }): void
  signal(signal: Signal): void
  /** A limit refused a request before anybody knew whose it was. */
  limited(limit: string): void
  /** Nobody could say whether a new password was breached. */
  lookupFailed(): void
  /** One commit of several units of work on SQLite. */
  commit(units: number, ms: number): void
  /** A wait for a connection to PostgreSQL. */
  poolWait(ms: number): void
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const powers = [1, 2, 4, 8, 16, 32, 64, 128]

export function createMeters(): Meters {
  const registry = createRegistry()
  const requests = registry.counter('http_requests_total', 'Requests answered.', ['route', 'method', 'status_class'])
  const durations = registry.histogram(
    'http_request_duration_seconds',
    'Time from a request to its answer.',
    ['route'],
    seconds,
  )
  const logins = registry.counter('login_total', 'Log-in attempts.', ['method', 'outcome'])
  const limited = registry.counter('rate_limited_total', 'Requests refused by a limit.', ['bucket'])
  const pauses = registry.counter('lockouts_total', 'Accounts whose log-in was paused.', [])
  const alarms = registry.counter('attacks_suspected_total', 'Times that far more log-ins failed than usual.', [])
  const reuses = registry.counter('refresh_reuse_detected_total', 'Refresh tokens that came back after their end.', [])
  const keys = registry.counter('api_keys_refused_total', 'Requests with a key that is disabled.', [])
  const lookups = registry.counter('breached_lookups_failed_total', 'New passwords that could not be looked up.', [])
  const commits = registry.histogram('db_commit_duration_seconds', 'Time of a commit on SQLite.', [], seconds)
  const batches = registry.histogram('db_commit_units', 'Units of work that shared a commit on SQLite.', [], powers)
  const waits = registry.histogram('db_pool_wait_seconds', 'Wait for a connection to PostgreSQL.', [], seconds)

  return {
    registry,
    request({ route, method, status, seconds }) {
      requests.add(route, method, `${Math.floor(status / 100)}xx`)
      durations.observe(seconds, route)
    },
    signal(signal) {
      switch (signal.type) {
        case 'login':
          return logins.add('password', signal.outcome)
        case 'limited':
          return limited.add(signal.limit)
        case 'loginPaused':
          return pauses.add()
        case 'attackSuspected':
          return alarms.add()
        case 'tokenReused':
          return reuses.add()
        case 'keyRefused':
          return keys.add()
      }
    },
    limited: (limit) => limited.add(limit),
    lookupFailed: () => lookups.add(),
    commit(units, ms) {
      commits.observe(ms / 1000)
      batches.observe(units)
    },
    poolWait: (ms) => waits.observe(ms / 1000),
  }
}
