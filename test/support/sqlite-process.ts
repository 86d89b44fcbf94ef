/** One of several processes on an SQLite file: migrates it, then writes events from many callers at once. */
import { createMigrator } from '../../src/storage/migrations/runner.ts'
import { openSqlite } from '../../src/storage/sqlite/database.ts'
import { createStore } from '../../src/storage/store.ts'
import { newId } from './entities.ts'

const [file = '', tenant = '', callers = '16', writes = '20'] = process.argv.slice(2)
const database = await openSqlite({ file })
await createMigrator(database).up()
const store = createStore(database)
const write = async () => {
  for (let n = 0; n < Number(writes); n++) {
    await store.write((tx) =>
      tx.append({
        id: newId() + process.pid,
        tenant,
        at: n,
        type: `of ${process.pid}`,
        actor: { kind: 'system', id: 'test' },
        resource: { resource: 'account', id: 'none' },
        changed: [],
        requestId: 'r',
      }),
    )
  }
}
await Promise.all(Array.from({ length: Number(callers) }, write))
console.log((await store.events(tenant, 0, 1)).length)
await store.close()
