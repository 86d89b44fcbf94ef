import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

/** File systems over a network, by the number `statfs` gives them: their locks and memory maps cannot be relied on. */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
])

/** Refuses a database that could lose what it acknowledged, and says which setting is to blame. */
export function requireDurable(database: DatabaseSync, file: string): void {
  requireVersion(read(database, 'select sqlite_version() as value') as string)
  requireLocal(file)
  requireSetting('journal_mode', read(database, 'select journal_mode as value from pragma_journal_mode'), 'wal')
  requireSetting('synchronous', read(database, 'select synchronous as value from pragma_synchronous'), 2)
  requireSetting('foreign_keys', read(database, 'select foreign_keys as value from pragma_foreign_keys'), 1)
}

/** Up to 3.51.2 two connections that wrote or checkpointed at once could corrupt the log; 3.52.0 was withdrawn. */
export function requireVersion(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const number = major * 1_000_000 + minor * 1000 + patch
  if (number < 3_051_003) refuse(`SQLite ${version} can corrupt its write-ahead log; 3.51.3 or later is needed`)
  if (number === 3_052_000) refuse('SQLite 3.52.0 was withdrawn')
}

function requireLocal(file: string): void {
  const kind = NETWORK_FILE_SYSTEMS.get(statfsSync(dirname(file)).type >>> 0)
  if (kind) refuse(`${file} lies on a network file system (${kind})`)
}

function requireSetting(name: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) refuse(`${name} is ${found}, not ${wanted}`)
}

function read(database: DatabaseSync, sql: string): unknown {
  return (database.prepare(sql).get() as { value: unknown }).value
}

function refuse(reason: string): never {
  throw new Error(`refusing to run undurably: ${reason}`)
}
