/** Claims the same nonces as whoever else is given the same database, and prints which it got. */
import { openPostgres } from '../../src/storage/postgres/database.ts'

const [url = '', count = '0'] = process.argv.slice(2)
const database = await openPostgres({ url, allowUndurable: true, waitMs: 30_000, connectMs: 30_000 })
const expiresAt = Date.now() + 300_000
const claims = Array.from({ length: Number(count) }, (_, index) =>
  database.claimNonce('raced', String(index), Date.now(), expiresAt),
)
console.log(JSON.stringify(await Promise.all(claims)))
await database.close()
