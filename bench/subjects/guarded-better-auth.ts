/** The peer behind Express: the guard of better-auth's documentation, on its default session look-up. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import express from 'express'
import { answerQuestions } from './child.ts'

const database = new DatabaseSync(process.argv[2] as string)
database.exec('pragma journal_mode = wal')
const app = express()
app.disable('x-powered-by')
const server = createServer(app)

answerQuestions(
  async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const options = {
      database,
      baseURL: `http://127.0.0.1:${port}`,
      secret: 'a-secret-of-more-than-thirty-two-characters-for-the-bench',
      emailAndPassword: { enabled: true },
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
    }
    await (await getMigrations(options)).runMigrations()
    const auth = betterAuth(options)
    app.all('/api/auth/*splat', toNodeHandler(auth))
    app.get('/guarded', async (req, res) => {
      const session = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) })
      if (session) res.json({ hello: session.user.email })
      else res.status(401).end()
    })
    return port
  },
  async () => {
    server.closeAllConnections()
    database.close()
  },
)
