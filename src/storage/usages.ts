import { hash } from 'node:crypto'
import { intervalOf, memoryOf, type Rule, type Usage } from '../core/limits/rule.ts'
import type { UsageKey } from '../core/ports.ts'
import type { Connection, DialectName, Row, Value } from './database.ts'

/** Expired usages that each count sweeps away; more than one, so that the table shrinks. */
const SWEPT_AT_ONCE = 4

const digest = (key: string): string => hash('sha256', key, 'base64url')

const KEY = 'tenant_id = ? and name = ? and key_digest = ?'
const columns = 'back_at, pause, paused_until, expires_at'

/** What is kept under each key, in their order. One statement: every log-in asks. */
export async function readUsages(
  connection: Connection,
  tenant: string,
  keys: readonly UsageKey[],
): Promise<(Usage | undefined)[]> {
  if (keys.length === 0) return []
  const places = keys.map(({ limit, key }) => [limit, digest(key)] as const)
  const sql = `select name, key_digest, ${columns} from limits
    where tenant_id = ? and (name, key_digest) in (values ${places.map(() => '(?, ?)').join(', ')})`
  const rows = await connection.all(sql, [tenant, ...places.flat()])
  return places.map(([limit, key]) => {
    const row = rows.find(({ name, key_digest: counted }) => name === limit && counted === key)
    return row && toUsage(row)
  })
}

/** Counts one, in one statement, so that none is lost. The arithmetic is that of core/limits/rule.ts. */
export async function countUsage(
  connection: Connection,
  dialect: DialectName,
  tenant: string,
  key: UsageKey,
  rule: Rule,
  now: number,
): Promise<Usage> {
  await sweep(connection, dialect, tenant, now)
  return toUsage((await upsert(connection, tenant, key, rule, now, '')) as Row)
}

/** The same where there is room; undefined, and nothing counted, where there is none. For rules without a pause. */
export async function takeUsage(
  connection: Connection,
  dialect: DialectName,
  tenant: string,
  key: UsageKey,
  rule: Rule,
  now: number,
): Promise<Usage | undefined> {
  await sweep(connection, dialect, tenant, now)
  const row = await upsert(connection, tenant, key, rule, now, ' where limits.back_at <= :full')
  return row && toUsage(row)
}

export async function forgetUsage(connection: Connection, tenant: string, { limit, key }: UsageKey): Promise<void> {
  await connection.run(`delete from limits where ${KEY}`, [tenant, limit, digest(key)])
}

const from = 'case when limits.back_at > :now then limits.back_at else :now end'
const pause = 'case when limits.expires_at <= :now then 0 else limits.pause end'
const usedUp = `(limits.back_at > :mark or :now > :mark)`
const nextPause = `case when 2 * (${pause}) < :first then :first when 2 * (${pause}) > :longest then :longest else 2 * (${pause}) end`
const backAt = `case when ${usedUp} and :longest > 0 then :now + (${nextPause}) + :per when (${from}) + :interval > :now + :per then :now + :per else (${from}) + :interval end`
const pausedUntil = `case when ${usedUp} and :longest > 0 then :now + (${nextPause}) else limits.paused_until end`

const counting = `insert into limits (tenant_id, name, key_digest, ${columns})
  values (:tenant, :limit, :key, :backAt, :pause, :pausedUntil, :expiresAt)
  on conflict (tenant_id, name, key_digest) do update set
    back_at = ${backAt},
    pause = case when ${usedUp} then ${nextPause} else ${pause} end,
    paused_until = ${pausedUntil},
    expires_at = :memory + case when (${backAt}) > (${pausedUntil}) then ${backAt} else ${pausedUntil} end`

async function upsert(
  connection: Connection,
  tenant: string,
  { limit, key }: UsageKey,
  rule: Rule,
  now: number,
  condition: string,
): Promise<Row | undefined> {
  const interval = intervalOf(rule)
  const { first, longest } = rule.pause ?? { first: 0, longest: 0 }
  const mark = now + rule.per - 2 * interval
  const until = rule.pause && now > mark ? now + first : 0
  const back = until === 0 ? now + interval : until + rule.per
  const numbers = {
    now,
    interval,
    per: rule.per,
    mark,
    full: now + rule.per - interval,
    first,
    longest,
    memory: memoryOf(rule),
    backAt: back,
    pause: until === 0 ? 0 : first,
    pausedUntil: until,
    expiresAt: back + memoryOf(rule),
  }
  const values: Record<string, Value> = { tenant, limit, key: digest(key), ...numbers }
  const parameters: Value[] = []
  const sql = `${counting}${condition} returning ${columns}`.replace(/:([a-z]+)\b/gi, (_, name: string) => {
    parameters.push(values[name] as Value)
    // PostgreSQL would take a bare parameter for a 32-bit number.
    return name in numbers ? 'cast(? as bigint)' : '?'
  })
  return connection.get(sql, parameters)
}

async function sweep(connection: Connection, dialect: DialectName, tenant: string, now: number): Promise<void> {
  await connection.run(
    `delete from limits where tenant_id = ? and (name, key_digest) in (
      select name, key_digest from limits where tenant_id = ? and expires_at <= ? order by expires_at limit ?
      ${dialect === 'postgres' ? 'for update skip locked' : ''}
    )`,
    [tenant, tenant, now, SWEPT_AT_ONCE],
  )
}

function toUsage(row: Row): Usage {
  return {
    backAt: Number(row.back_at),
    pause: Number(row.pause),
    pausedUntil: Number(row.paused_until),
    expiresAt: Number(row.expires_at),
  }
}
