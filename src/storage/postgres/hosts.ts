/** The servers that a connection string names, one at a time. */
export interface Hosts {
  /** A connection string with one host. */
  readonly current: string
  readonly count: number
  /** Turns to the next host, after `failed` did not serve. */
  leave(failed: string): void
}

/**
 * Reads `postgres://user@one:5432,two:5432/name`, as libpq does. `target_session_attrs` is accepted and needless: only
 * a primary is ever used.
 */
export function parseHosts(url: string): Hosts {
  const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/s.exec(url)
  if (!parts) throw new Error('the database URL must start with postgres:// or postgresql://')
  const [, before = '', authority = '', after = ''] = parts
  const rest = withoutTarget(after)
  const urls = authority.split(',').map((host) => `${before}${host}${rest}`)
  let index = 0
  return {
    get current() {
      return urls[index] as string
    },
    count: urls.length,
    leave(failed) {
      // many connections may fail at once: the first one turns
      if (urls[index] === failed) index = (index + 1) % urls.length
    },
  }
}

function withoutTarget(pathAndQuery: string): string {
  const [path, query] = pathAndQuery.split('?', 2)
  if (query === undefined) return pathAndQuery
  const kept = query.split('&').filter((pair) => !pair.startsWith('target_session_attrs='))
  return kept.length > 0 ? `${path}?${kept.join('&')}` : (path as string)
}
