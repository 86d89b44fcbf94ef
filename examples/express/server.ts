import { latchkey } from 'latchkey/express'
import { createNotes } from './app.ts'

const auth = latchkey()
await auth.ready

const server = createNotes(auth).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : address
  process.stdout.write(`http://localhost:${port}  (mails: http://localhost:${port}/__dev/mail)\n`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(() => auth.close()).closeAllConnections())
}
