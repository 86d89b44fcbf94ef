import type { Clock } from '../../std/clock.ts'
import { isAway, isRefusal } from '../failures.ts'
import type { Service } from '../service/service.ts'
import { asStale, createStaleUser, createUser, type User } from '../user.ts'
import type { Feed } from './feed.ts'
import type { Snapshots } from './snapshots.ts'

export interface Users {
  /** The user of an account, at once when it is known; undefined when the account is gone or must not log in. */
  find(href: string): User | undefined | Promise<User | undefined>
  /** Reads it anew. */
  reread(href: string): Promise<User>
}

/** Users out of the snapshots, read when they are not there: once, however many requests want them. */
export function createUsers(options: {
  service: Service
  snapshots: Snapshots
  feed: Feed
  expand: readonly string[]
  clock: Clock
}): Users {
  const { service, snapshots, feed, expand } = options
  const reading = new Map<string, Promise<User | undefined>>()

  async function read(href: string): Promise<User> {
    const { version } = snapshots
    const user = createUser(await service.account(href, expand), service, reread)
    snapshots.put(user, version)
    return user
  }

  async function reread(href: string): Promise<User> {
    snapshots.forget([href.slice(href.lastIndexOf('/') + 1)])
    return read(href)
  }

  async function readEnabled(href: string): Promise<User | undefined> {
    try {
      return admitted(await read(href))
    } catch (error) {
      if (isRefusal(error)) return undefined
      if (!isAway(error)) throw error
      const last = snapshots.last(href)
      return last ? admitted(asStale(last, service, reread)) : createStaleUser(href, service, reread)
    }
  }

  return {
    find(href) {
      const known = snapshots.get(href)
      if (known) return admitted(feed.isLost ? asStale(known, service, reread) : known)
      let user = reading.get(href)
      if (!user) {
        user = readEnabled(href).finally(() => reading.delete(href))
        reading.set(href, user)
      }
      return user
    },
    reread,
  }
}

/** Also one who is known must not come in unless enabled. */
function admitted(user: User): User | undefined {
  return user.status === 'ENABLED' ? user : undefined
}
