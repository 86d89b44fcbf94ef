/** The peer: better-auth in its recommended set-up, with e-mail and password, over SQLite. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { answerQuestions } from './child.ts'

const database = new DatabaseSync(process.argv[2] as string)
database.exec('pragma journal_mode = wal')
const server = createServer()

answerQuestions(
  async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const options = {
      database,
      baseURL: `http://127.0.0.1:${port}`,
      secret: 'a-secret-of-more-than-thirty-two-characters-for-the-bench',
      emailAndPassword: { enabled: true },
      // The load comes from one address.
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
    }
    await (await getMigrations(options)).runMigrations()
    server.on('request', toNodeHandler(betterAuth(options)))
    return port
  },
  async () => {
    server.closeAllConnections()
    database.close()
  },
)
