import type { Context as EngineContext } from '../../src/core/context.ts'
import type { Engine } from '../../src/core/engine.ts'
import type { Entity } from '../../src/resources/registry.ts'
import { type App, createApp } from '../../src/server/app.ts'

/** Accounts that share a surname, a badge, ten seconds, the first digits of their address: hits of each search. */
export const ALIKE = 10
/** The first account is as old as this, each further one a second younger. */
export const EPOCH = Date.UTC(2024, 0, 1)
const PER_TRANSACTION = 1000

export interface Seeded {
  tenant: string
  application: string
  directory: string
  count: number
  /** Ids of some of the accounts, evenly spread. */
  ids: string[]
}

export interface SeedOptions {
  data: string
  /** On PostgreSQL. */
  url?: string | undefined
  count: number
  progress?(done: number): void
}

/** The app over a data folder, or over PostgreSQL with its keys in one. */
export const openSeeded = (data: string, url?: string): Promise<App> =>
  createApp({ data, log: () => {}, environment: {}, ...(url && { database: url, autoMigrate: true }) })

/** Fills a new database by the product's own writer, many accounts in one transaction. */
export async function seed({ data, url, count, progress = () => {} }: SeedOptions): Promise<Seeded> {
  const app = await openSeeded(data, url)
  try {
    return await fill(app.engine, count, progress)
  } finally {
    await app.close()
  }
}

async function fill(engine: Engine, count: number, progress: (done: number) => void): Promise<Seeded> {
  const { store, ids, passwords, seal } = engine.services
  const first = await store.firstTenant()
  if (!first) throw new Error('the first start made no tenant')
  const tenant = first.id
  const context: EngineContext = { tenant, actor: { kind: 'system', id: 'bench' }, requestId: 'bench' }
  const application = await engine.create(context, 'application', {
    values: { name: 'Bench' },
    options: { createDirectory: 'Bench directory' },
  })
  const directory = await store.find('directory', tenant, ['name'], ['Bench directory'])
  if (!directory) throw new Error('the directory was not created')
  const password = await passwords.hash('plum harbour seventeen')
  const kept: string[] = []
  const every = Math.max(1, Math.floor(count / 1000))
  for (let start = 0; start < count; start += PER_TRANSACTION) {
    await store.write(async (tx) => {
      for (let at = start; at < Math.min(start + PER_TRANSACTION, count); at++) {
        const id = ids.next()
        if (at % every === 0) kept.push(id)
        const place = { tenant, table: 'account', row: id, column: 'eventKey' }
        const account = { ...accountAt(at), id, tenant, directory: directory.id, password }
        await tx.insert('account', { ...account, eventKey: seal.seal(NO_KEY, place) } as Entity<'account'>)
        await tx.putCustomData({ resource: 'account', id }, tenant, customDataAt(at))
      }
    })
    progress(Math.min(start + PER_TRANSACTION, count))
  }
  return { tenant, application: application.id, directory: directory.id, count, ids: kept }
}

const NO_KEY = new Uint8Array(32)

const times = (at: number) => ({ createdAt: EPOCH + at * 1000, modifiedAt: EPOCH + at * 1000 })

export const addressAt = (at: number): string => `${String(at).padStart(8, '0')}@mail.example.com`

function accountAt(at: number): Partial<Entity<'account'>> {
  const email = addressAt(at)
  return {
    ...times(at),
    email,
    username: `u${at}`,
    givenName: word(at % 5000),
    middleName: null,
    surname: wordAt(at),
    status: 'ENABLED',
    emailVerificationStatus: 'VERIFIED',
    passwordModifiedAt: EPOCH + at * 1000,
  }
}

const customDataAt = (at: number) => ({
  json: JSON.stringify({ plan: at % 2 === 0 ? 'pro' : 'free', badge: Math.floor(at / ALIKE), city: word(at % 300) }),
  ...times(at),
})

/** The surname of an account. */
export const wordAt = (at: number): string => word(Math.floor(at / ALIKE) + 10_000)

/** A word of ten letters that no other number has: its trigrams are as rare as those of real names. */
function word(number: number): string {
  let text = ''
  let state = Math.imul(number + 1, 2_654_435_761) >>> 0
  for (let at = 0; at < 5; at++) {
    text += 'bcdfghjklmnprstvwz'[state % 18]
    text += 'aeiouy'[(state >>> 8) % 6]
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  }
  return text
}
