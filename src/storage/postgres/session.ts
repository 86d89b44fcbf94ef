import type { Client, ClientConfig } from 'pg'
import type { Driver } from './driver.ts'
import { type Durability, type Standing, standbyRefused, standingQuery, undurable } from './durability.ts'
import { isLastingRefusal, unavailable } from './errors.ts'
import { parseHosts } from './hosts.ts'
import { columnTypes } from './types.ts'

/** One open connection and whether it still is. */
export interface Link {
  readonly client: Client
  readonly alive: boolean
  /** Called once when the connection is lost. */
  onLost(listener: () => void): void
  end(): Promise<void>
}

/** What a connection is for. */
export interface Manner {
  /** Hold for the session. */
  settings: Readonly<Record<string, string>>
  /** Milliseconds without an answer, measured here, after which the connection is given up; 0 for never. */
  silence: number
}

export interface Sessions {
  /**
   * Opens a connection to the primary, trying each host once.
   * @throws Problem overloaded when none can be reached
   */
  connect(manner: Manner): Promise<Link>
  /** The first connection, whose refusals are said plainly. */
  probe(): Promise<Durability>
}

export interface SessionOptions {
  url: string
  /** Behind a pooler in transaction mode: no session settings, nothing sent ahead of an answer. */
  pgbouncer: boolean
  allowUndurable: boolean
  /** Milliseconds for one attempt to connect. */
  connectMs: number
}

/** The first connection may wait for a server that wakes up. */
const probing = { settings: {}, silence: 10_000 }

/** A server that can be reached and must not be used; told apart from one that cannot be reached. */
class Refused extends Error {}

/** Makes the connections of one database, each checked for durability and for being the primary's. */
export function createSessions(driver: Driver, options: SessionOptions): Sessions {
  const hosts = parseHosts(options.url)

  async function open(url: string, { settings, silence }: Manner, connectMs: number): Promise<Link> {
    const config: ClientConfig = {
      connectionString: url,
      application_name: 'latchkey',
      keepAlive: true,
      pipeline: !options.pgbouncer,
      types: columnTypes,
      connectionTimeoutMillis: connectMs,
      query_timeout: silence,
    }
    const link = createLink(new driver.Client(config))
    try {
      await link.client.connect()
      await admit(link.client, settings)
      return link
    } catch (error) {
      link.end().catch(() => {})
      throw error
    }
  }

  async function admit(client: Client, settings: Readonly<Record<string, string>>): Promise<void> {
    const standing = await readStanding(client, settings)
    if (standing.in_recovery) throw new Refused(standbyRefused)
    const reason = options.allowUndurable ? undefined : undurable(standing)
    if (reason) throw new Refused(reason)
  }

  async function readStanding(client: Client, settings: Readonly<Record<string, string>>): Promise<Standing> {
    const set = options.pgbouncer
      ? ''
      : Object.entries(settings)
          .map(([name, value]) => `set ${name} = ${value}; `)
          .join('')
    const results = await client.query(`${set}${standingQuery}`)
    // one result for each statement of the text
    const last = Array.isArray(results) ? results.at(-1) : results
    return last.rows[0] as Standing
  }

  async function anyHost(manner: Manner, connectMs: number): Promise<Link> {
    for (let attempt = 1; ; attempt++) {
      const url = hosts.current
      try {
        return await open(url, manner, connectMs)
      } catch (error) {
        hosts.leave(url)
        if (attempt >= hosts.count) throw error
      }
    }
  }

  return {
    async connect(manner) {
      try {
        return await anyHost(manner, options.connectMs)
      } catch (error) {
        if (isLastingRefusal(error)) throw error
        throw unavailable('the database cannot be reached', error)
      }
    },
    async probe() {
      const link = await anyHost(probing, probing.silence).catch((error) => {
        if (error instanceof Refused) throw error
        throw new Error(`cannot connect to PostgreSQL: ${describe(error)}`, { cause: error })
      })
      try {
        return undurable(await readStanding(link.client, {})) ? 'degraded' : 'durable'
      } finally {
        await link.end()
      }
    },
  }
}

function createLink(client: Client): Link {
  let alive = true
  const listeners: (() => void)[] = []
  const lost = () => {
    if (!alive) return
    alive = false
    for (const listener of listeners) listener()
  }
  // an error without a listener would end the process; queries under way are told by their own promises
  client.on('error', lost)
  client.on('end', lost)
  return {
    client,
    get alive() {
      return alive
    },
    onLost(listener) {
      if (alive) listeners.push(listener)
      else listener()
    },
    end() {
      lost()
      return client.end()
    },
  }
}

/** An AggregateError of several addresses has no message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join(', ')
  return error instanceof Error ? error.message : String(error)
}
