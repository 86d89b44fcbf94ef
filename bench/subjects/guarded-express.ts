/**
 * An Express app with its users in this process, as it stands behind a proxy that says where each of them is: the same
 * handler behind a guard and without.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { latchkey } from '../../src/express.ts'
import { answerQuestions } from './child.ts'

const auth = latchkey({ data: process.argv[2], baseUrl: 'http://127.0.0.1', web: { register: { autoLogin: true } } })
const app = express()
app.disable('x-powered-by')
app.set('trust proxy', 1)
app.use(auth)
app.get('/plain', (_req, res) => void res.json({ hello: 'someone@example.com' }))
app.get('/guarded', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
const server = createServer(app)

answerQuestions(
  async () => {
    await auth.ready
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
  async () => {
    server.closeAllConnections()
    await auth.close()
  },
)
