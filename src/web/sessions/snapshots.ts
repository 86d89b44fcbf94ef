import type { Clock } from '../../std/clock.ts'
import type { User } from '../user.ts'

/** A user is read again after this time, whatever the feed says. */
const maxAge = 60 * 60_000
const maxBytes = 64 * 1024 * 1024

interface Entry {
  user: User
  bytes: number
  readAt: number
}

/** Users as they were last read, by the address of their account. Bounded in bytes; what was used last stays. */
export interface Snapshots {
  get(href: string): User | undefined
  /** What was known before, however old: for when nobody can be asked. */
  last(href: string): User | undefined
  /** Position of changes: a user read before a change that was heard of since is not kept. */
  readonly version: number
  /** Keeps a user, unless a change was heard of since `version`. */
  put(user: User, version: number): void
  /** Forgets accounts by id, or everybody. */
  forget(ids: readonly string[] | 'everybody'): void
}

export function createSnapshots(clock: Clock): Snapshots {
  const entries = new Map<string, Entry>()
  /** Dropped by the feed, kept for when the service is away. */
  const outdated = new Set<string>()
  let bytes = 0
  let version = 0

  function remove(href: string): void {
    bytes -= entries.get(href)?.bytes ?? 0
    entries.delete(href)
    outdated.delete(href)
  }

  return {
    get version() {
      return version
    },
    get(href) {
      const entry = entries.get(href)
      if (!entry || outdated.has(href) || clock.now() - entry.readAt > maxAge) return undefined
      return entry.user
    },
    last: (href) => entries.get(href)?.user,
    put(user, readWith) {
      if (readWith !== version) return
      remove(user.href)
      // twice the text of it: what V8 takes for objects of short strings
      const size = 2 * JSON.stringify(user).length + 500
      entries.set(user.href, { user, bytes: size, readAt: clock.now() })
      bytes += size
      for (const [oldest] of entries) {
        if (bytes <= maxBytes || oldest === user.href) break
        remove(oldest)
      }
    },
    forget(ids) {
      version++
      if (ids === 'everybody') for (const href of entries.keys()) outdated.add(href)
      else
        for (const href of entries.keys()) if (ids.includes(href.slice(href.lastIndexOf('/') + 1))) outdated.add(href)
    },
  }
}
