import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { latchkey } from '../../src/express.ts'
import { html, type Markup } from '../../src/std/html.ts'
import { readKey, startService } from '../support/service.ts'

export type Position = 'embedded' | 'remote'

/** An application with its users, as a newcomer writes it. */
export interface Shop extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string
  /** Where the mails that were not sent are shown. */
  readonly inbox: string
  /** Lines that were logged. */
  readonly log: readonly object[]
}

/** Starts it with its users in this process, or in one that `latchkey serve` runs. */
export async function openShop(position: Position): Promise<Shop> {
  await using undo = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'latchkey-walk-'))
  undo.defer(() => rm(data, { recursive: true, force: true }))
  const app = express()
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.defer(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const log: object[] = []
  const logger = (record: object) => void log.push(record)

  let users: { data: string } | { url: string; apiKey: { id: string; secret: string }; web: object } = { data }
  let inbox = `${url}/__dev/mail`
  if (position === 'remote') {
    const service = await startService({ data, args: ['--management-port', 'off'] })
    undo.defer(() => service.stop().then(() => {}))
    const apiKey = await readKey(join(data, 'apiKey.properties'))
    users = { url: service.url, apiKey, web: { baseUrl: url } }
    inbox = `${service.url}/__dev/mail`
  }

  const auth = latchkey({ ...users, logger })
  undo.defer(() => auth.close())
  app.get('/favicon.ico', (_req, res) => void res.status(204).end())
  app.use(auth)
  app.get('/', auth.optional(), async (req, res) => {
    const log = req.user ? await auth.logoutButton(req, res) : '<a href="/login">Log in</a>'
    res.send(page('Welcome to the shop', html`<p><a href="/dashboard">Your dashboard</a></p>`, log))
  })
  app.get('/dashboard', auth.loginRequired(), async (req, res) => {
    const { email, givenName, customData } = req.user
    const body = html`<p>You are ${email}.</p>
<p>Favourite tea: <output>${String(customData.tea ?? 'none yet')}</output></p>
<form method="post" action="/tea"><label>Tea <input name="tea"></label> <button>Keep</button></form>`
    res.send(page(`Hello, ${givenName}`, body, await auth.logoutButton(req, res)))
  })
  app.post('/tea', auth.loginRequired(), express.urlencoded({ extended: false }), async (req, res) => {
    await req.user.update({ customData: { tea: String(req.body.tea) } })
    res.redirect(303, '/dashboard')
  })
  const kept = undo.move()
  return { url, inbox, log, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function page(title: string, body: Markup, trustedHtml: string): string {
  return `${html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>
<style>body { margin: 2rem auto; max-width: 40rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#fff, #111);
color: light-dark(#222, #eee) } button, input { font: inherit; min-height: 2.5rem } a { color: light-dark(#14c, #9bf) }</style></head>
<body><main><h1>${title}</h1>
${body}`}
${trustedHtml}</main></body></html>`
}
