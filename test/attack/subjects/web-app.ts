/** An Express app whose users live in it, from the sources that the first argument names. Tells its port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'

const { latchkey } = (await import(
  join(process.argv[2] as string, 'src/express.ts')
)) as typeof import('../../../src/express.ts')
const data = mkdtempSync(join(tmpdir(), 'latchkey-subject-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
const auth = latchkey({
  data,
  baseUrl: 'http://localhost:3999',
  web: { baseUrl: 'http://localhost:3999', register: { autoLogin: true } },
})
const app = express()
app.use(auth)
app.get('/', (_req, res) => void res.send('home'))
app.get('/dashboard', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
await auth.ready
const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
