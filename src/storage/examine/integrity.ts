import type { Database } from '../database.ts'
import { error, type Finding, ok } from './finding.ts'

const CHECK = 'integrity'
const MOST_TOLD = 5
const RESTORE = 'put back the last backup, and look at the disk: dmesg'

/** Whether the pages of the database are whole, as far as the database itself can tell. */
export async function examineIntegrity({ dialect, slowReader }: Database): Promise<Finding[]> {
  if (dialect === 'sqlite') {
    const rows = await slowReader.all('pragma integrity_check(20)', [])
    const found = rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok')
    if (found.length === 0) return [ok(CHECK, 'every page and index is whole')]
    return found.slice(0, MOST_TOLD).map((text) => error(CHECK, text, RESTORE))
  }
  const row = await slowReader.get(
    `select current_setting('data_checksums') as sums,
      (select coalesce(checksum_failures, 0) from pg_stat_database where datname = current_database()) as failures`,
    [],
  )
  const failures = Number(row?.failures)
  if (failures > 0) return [error(CHECK, `PostgreSQL met ${failures} page(s) with a wrong checksum`, RESTORE)]
  return [
    row?.sums === 'on'
      ? ok(CHECK, 'PostgreSQL keeps checksums, and met no wrong one')
      : {
          check: CHECK,
          level: 'warning',
          message: 'PostgreSQL keeps no checksums of pages',
          fix: 'pg_checksums --enable',
        },
  ]
}
