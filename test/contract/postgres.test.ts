import { openPostgres } from '../../src/storage/postgres/database.ts'
import { clock } from '../support/entities.ts'
import { createDatabase } from '../support/postgres.ts'
import { describeStorage } from './storage-contract.ts'

describeStorage('PostgreSQL', async ({ empty }) => {
  const { url, drop } = await createDatabase({ empty })
  // many writers at once may wait for each other longer than a caller would
  const another = () => openPostgres({ url, clock, waitMs: 20_000, allowUndurable: true })
  return { database: await another(), another, close: drop }
})
