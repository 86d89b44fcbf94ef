/** Reads of a seeded database through the whole product but for the socket, one at a time, each timed. */

import { join } from 'node:path'
import type { LightRequest } from '../../src/std/exchange.ts'
import { readKey } from '../../test/support/service.ts'
import { answerQuestions } from './child.ts'
import { ALIKE, addressAt, EPOCH, openSeeded, type Seeded, wordAt } from './seed.ts'

const [data = '', url] = process.argv.slice(2)
const app = await openSeeded(data, url)
const { id, secret } = await readKey(join(data, 'apiKey.properties'))
const headers: Readonly<Record<string, string>> = {
  host: new URL(app.baseUrl).host,
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
}

export type Lookup = keyof typeof lookups
export interface LookupQuestion {
  seeded: Seeded
  lookup: Lookup
  times: number
}

type One = (seeded: Seeded, at: number) => Promise<unknown>

async function get(path: string, query = '', most?: number): Promise<void> {
  const request: LightRequest = {
    method: 'GET',
    path,
    query,
    peer: '127.0.0.1',
    header: (name) => headers[name],
    headerValues: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    body: async () => new Uint8Array(0),
  }
  const { status, body } = await app.handle(request)
  if (status !== 200) throw new Error(`${path}?${query} was answered with ${status}: ${body}`)
  if (most === undefined) return
  const { size } = JSON.parse(body as string) as { size: number }
  if (size < 1 || size > most) throw new Error(`${path}?${query} found ${size}`)
}

const inDirectory =
  (query: (seeded: Seeded, at: number) => string, most?: number): One =>
  (seeded, at) =>
    get(`/v1/directories/${seeded.directory}/accounts`, query(seeded, at), most)
const isoAt = (at: number) => new Date(EPOCH + at * 1000).toISOString()

/** `at` is any account's number. */
const lookups = {
  /** All of a log-in but the hash: mappings, directory, account by its address. */
  async login({ tenant, application, directory }, at) {
    const { store } = app.engine.services
    await store.get('application', tenant, application)
    await store.list({
      resource: 'accountStoreMapping',
      tenant,
      scope: { by: 'application', id: application },
      orderBy: [{ on: { attribute: 'listIndex' }, descending: false }],
      offset: 0,
      limit: 100,
    })
    const found = await store.find(
      'account',
      tenant,
      ['email'],
      [{ resource: 'directory', id: directory }, addressAt(at)],
    )
    if (!found) throw new Error(`${addressAt(at)} was not found`)
    await store.get('directory', tenant, found.directory)
  },
  get: ({ ids }, at) => get(`/v1/accounts/${ids[at % ids.length]}`),
  'equals attribute': inDirectory((_, at) => `surname=${wordAt(at)}`, ALIKE),
  prefix: inDirectory((_, at) => `email=${addressAt(at).slice(0, 7)}*`, ALIKE),
  'date range': inDirectory((_, at) => {
    const from = at - (at % ALIKE)
    return `createdAt=[${isoAt(from)},${isoAt(from + ALIKE)})`
  }, ALIKE),
  'customData equals': inDirectory((_, at) => `customData.badge=${Math.floor(at / ALIKE)}`, ALIKE),
  'first page': inDirectory(() => ''),
  'first page by surname': inDirectory(() => 'orderBy=surname'),
  'page 1000': inDirectory(({ count }) => `offset=${Math.min(25 * 999, count - 25)}&limit=25`),
  contains: inDirectory((_, at) => `surname=*${wordAt(at).slice(1, 8)}*`, 1000),
} satisfies Record<string, One>

/** Milliseconds of each. */
async function time({ seeded, lookup, times }: LookupQuestion): Promise<number[]> {
  const one: One = lookups[lookup]
  const taken: number[] = []
  for (let count = 0; count < times; count++) {
    const at = Math.floor(Math.random() * seeded.count)
    const start = performance.now()
    await one(seeded, at)
    taken.push(performance.now() - start)
  }
  return taken
}

answerQuestions(time, app.close)
