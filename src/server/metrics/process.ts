import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Passwords } from '../../crypto/passwords/passwords.ts'
import type { Registry } from './registry.ts'

export interface Watched {
  passwords: Pick<Passwords, 'load'>
  store: 'sqlite' | 'postgres'
  ready: () => boolean
}

/** Adds what is read when somebody asks: the process, and the line in front of the password hashes. */
export function addProcessMetrics(registry: Registry, { passwords, store, ready }: Watched): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  registry.gauge(
    'event_loop_delay_seconds',
    'How late the event loop was since the last look, 99th percentile.',
    () => {
      const late = Math.max(0, delay.percentile(99) / 1e9 - 0.02)
      delay.reset()
      return Number.isFinite(late) ? late : 0
    },
  )
  registry.gauge('process_resident_memory_bytes', 'Memory in use.', () => process.memoryUsage.rss())
  registry.gauge('heap_used_bytes', 'Memory of JavaScript objects.', () => process.memoryUsage().heapUsed)
  registry.total('process_cpu_seconds_total', 'Processor time used.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  registry.gauge('process_start_time_seconds', 'When the process started, since 1970.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  )
  registry.gauge('open_fds', 'Open files and connections.', openFiles)
  registry.gauge('build_info', 'What runs.', () => [{ labels: { node: process.version, store }, value: 1 }])
  registry.gauge('ready', 'Whether requests should be sent here.', () => (ready() ? 1 : 0))
  registry.gauge('password_hash_slots_busy', 'Passwords being hashed.', () => passwords.load().running)
  registry.gauge('password_hash_queue_length', 'Passwords that wait to be hashed.', () => passwords.load().waiting)
  registry.total(
    'password_hash_refused_total',
    'Passwords refused because too many waited.',
    () => passwords.load().refused,
  )
  return { stop: () => void delay.disable() }
}

/** Known on Linux alone. */
function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return undefined
  }
}
