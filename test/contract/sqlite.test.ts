import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/storage/sqlite/database.ts'
import { clock } from '../support/entities.ts'
import { describeStorage } from './storage-contract.ts'

describeStorage('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-contract-'))
  const another = () => openSqlite({ file: join(folder, 'latchkey.sqlite'), clock })
  return { database: await another(), another, close: () => rm(folder, { recursive: true, force: true }) }
})
