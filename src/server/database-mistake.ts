import type { Settings } from './config.ts'
import { Mistake, toFileMistake } from './mistake.ts'
import { environmentName } from './options.ts'

/** What an operator can do about a database that does not open; any other error passes through. */
export function toDatabaseMistake(error: unknown, { database, data }: Pick<Settings, 'database' | 'data'>): unknown {
  if (!(error instanceof Error) || error instanceof Mistake) return error
  return database === undefined ? ofSqlite(error, data) : ofPostgres(error)
}

function ofPostgres(error: Error): unknown {
  const { message } = error
  if (message.startsWith('cannot connect')) {
    return new Mistake(
      message,
      `check ${environmentName('database')}, and that the server runs: pg_isready`,
      'unavailable',
    )
  }
  if (message.includes('npm install pg'))
    return new Mistake('database: the package pg is not installed', 'npm install pg')
  if (/^(PostgreSQL runs with|synchronous_commit|this PostgreSQL|the database URL)/.test(message)) {
    const [what, fix] = message.split(/: (?!.*: )/s)
    return new Mistake(`database: ${what}`, fix ?? message)
  }
  return error
}

function ofSqlite(error: Error, data: string): unknown {
  const { message } = error
  if (message.startsWith('refusing to run undurably')) {
    return new Mistake(`data ${data}: ${message}`, 'export LATCHKEY_DATA=<a folder on a local disk>')
  }
  const { errcode } = error as { errcode?: number }
  const code = errcode === undefined ? undefined : errcode & 0xff
  if (code === 26 || code === 11) {
    return new Mistake(
      `data ${data}: the file is not an SQLite database, or is damaged`,
      `put back a backup of ${data}`,
      'data',
    )
  }
  if (code === 8 || code === 14) {
    return new Mistake(
      `data ${data}: the database cannot be opened for writing`,
      `chown -R $(whoami) ${data}`,
      'permission',
    )
  }
  if (code === 13 || code === 10) return new Mistake(`data ${data}: the disk is full or fails`, `df -h ${data}`, 'io')
  return toFileMistake(error, 'data', data, `ls -ld ${data}`)
}
