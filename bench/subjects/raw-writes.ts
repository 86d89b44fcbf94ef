/** The limit of an update of custom data: the document and an event of the usual size, durable, and nothing else. */
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { answerQuestions } from './child.ts'

export interface WriteQuestion {
  /** A database file, made here, or a PostgreSQL database. */
  target: { file: string } | { url: string; poolSize: number }
  callers: number
  duration: number
}

const TABLES = (text: string, integer: string) => [
  `create table if not exists documents (tenant_id ${text} not null, id ${text} not null, json ${text} not null,
    created_at ${integer} not null, modified_at ${integer} not null, primary key (tenant_id, id))`,
  `create table if not exists happenings (tenant_id ${text} not null, id ${text} not null, at ${integer} not null,
    type ${text} not null, actor ${text} not null, resource_id ${text} not null, changed ${text} not null,
    request_id ${text} not null, diff ${text}, primary key (tenant_id, id))`,
  'create index if not exists happenings_resource on happenings (tenant_id, resource_id, type)',
]
const marks = (from: number, count: number, sign: string) =>
  Array.from({ length: count }, (_, at) => (sign === '?' ? '?' : `$${from + at}`)).join(', ')
const upsert = (sign: string) => `insert into documents values (${marks(1, 5, sign)})
  on conflict (tenant_id, id) do update set json = excluded.json, modified_at = excluded.modified_at`
const append = (sign: string) => `insert into happenings values (${marks(1, 9, sign)})`

const TENANT = '8DrKu4hoGzjSwCyFtpm7m7'
const digits = (number: number) => String(number).padStart(22, '0')
let writes = 0
const document = () => {
  const caller = writes++ % 64
  return [TENANT, digits(caller), JSON.stringify({ plan: 'pro', city: 'Paris', visits: writes }), 1e12, 1e12 + writes]
}
const event = (id: string) => {
  const sealed = 'x'.repeat(220)
  return [TENANT, id, 1e12, 'customData.updated', TENANT, digits(1), '["customData"]', digits(writes), sealed]
}
const run = String(process.pid)
let events = 0
const eventId = () => `${run}-${digits(++events)}`

/** Writes per second; as many share a commit as there are callers. */
function onSqlite(file: string, callers: number, duration: number): number {
  using database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal')
  database.exec('pragma synchronous = full')
  for (const table of TABLES('text', 'integer')) database.exec(table)
  const [put, add] = [database.prepare(upsert('?')), database.prepare(append('?'))]
  const start = performance.now()
  let done = 0
  while (performance.now() - start < duration) {
    database.exec('begin immediate')
    for (let caller = 0; caller < callers; caller++) {
      put.run(...document())
      add.run(...event(eventId()))
    }
    database.exec('commit')
    done += callers
  }
  return (done / (performance.now() - start)) * 1000
}

async function onPostgres(url: string, poolSize: number, callers: number, duration: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: poolSize })
  try {
    for (const table of TABLES('text', 'bigint')) await pool.query(table)
    const [put, add] = [
      { name: 'put', text: upsert('$') },
      { name: 'add', text: append('$') },
    ]
    const start = performance.now()
    let done = 0
    const call = async () => {
      while (performance.now() - start < duration) {
        const client = await pool.connect()
        try {
          await client.query('begin')
          await client.query({ ...put, values: document() })
          await client.query({ ...add, values: event(eventId()) })
          await client.query('commit')
        } finally {
          client.release()
        }
        done++
      }
    }
    await Promise.all(Array.from({ length: callers }, call))
    return (done / (performance.now() - start)) * 1000
  } finally {
    await pool.end()
  }
}

answerQuestions(
  async ({ target, callers, duration }: WriteQuestion) =>
    'file' in target
      ? onSqlite(target.file, callers, duration)
      : onPostgres(target.url, target.poolSize, callers, duration),
  async () => {},
)
