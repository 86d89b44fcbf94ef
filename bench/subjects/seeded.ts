import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Context, StoreName } from '../claim.ts'
import { startChild } from './child.ts'
import type { Seeded } from './seed.ts'

export interface SeededDatabase extends Seeded {
  data: string
  url: string | undefined
  /** Accounts per second of its loading. */
  rate: number
}

const made = new Map<string, Promise<SeededDatabase>>()

/** A database with so many accounts; the same one to all who ask in this run. */
export function seededDatabase(context: Context, store: StoreName, count: number): Promise<SeededDatabase> {
  const key = `${store} ${count}`
  const known = made.get(key) ?? load(context, store, count)
  made.set(key, known)
  return known
}

async function load(context: Context, store: StoreName, count: number): Promise<SeededDatabase> {
  const data = mkdtempSync(join(context.folder('seeded'), `${store}-${count}-`))
  const url = store === 'postgres' ? (await (await context.postgres()).createDatabase()).url : undefined
  await using seeder = startChild(new URL('./seeder.ts', import.meta.url))
  const start = performance.now()
  seeder.listen((done) => {
    const rate = (Number(done) / (performance.now() - start)) * 1000
    const left = (count - Number(done)) / rate
    context.progress(`loading ${count} accounts on ${store}: ${bar(Number(done) / count)} ${left.toFixed(0)} s left`)
  })
  const seeded = await seeder.ask<Seeded>({ data, url, count })
  return { ...seeded, data, url, rate: count / ((performance.now() - start) / 1000) }
}

const bar = (share: number): string => '='.repeat(Math.round(share * 20)).padEnd(20, '.')
