import express, { type Express } from 'express'
import type { ExpressAuth } from 'latchkey/express'
import { html, layout, raw } from './html.ts'

/** The whole app. It is given its users, so that tests can give it others. */
export function createNotes(auth: ExpressAuth): Express {
  const app = express()
  app.use(auth) // pages for registering, logging in, passwords; the routes behind them
  app.use(express.urlencoded({ extended: false }))

  // For everybody. Guards set req.user and res.locals.user; every template engine sees the latter.
  app.get('/', auth.optional(), (req, res) => {
    const { user } = req
    res.send(
      layout(
        'Notes',
        user
          ? html`<p>Hello, ${user.givenName ?? user.email}! <a href="/dashboard">Your dashboard</a></p>`
          : html`<p><a href="/login">Log in</a> or <a href="/register">create an account</a>.</p>`,
      ),
    )
  })

  // Only for who is logged in. Browsers are sent to log in and come back; programs get 401.
  app.get('/dashboard', auth.loginRequired(), async (req, res) => {
    const { user } = req
    const logOut = raw(await auth.logoutButton(req, res))
    res.send(
      layout(
        `Hello, ${user.givenName ?? 'you'}`,
        html`<p>${user.email}</p>
<p>Note: <output>${user.customData.note ?? 'none yet'}</output></p>
<form method="post"><input name="note" aria-label="Note" maxlength="200"> <button>Keep</button></form>
<p><a href="/admin">Administration</a> · <a href="/profile">Profile</a></p>
${logOut}`,
      ),
    )
  })

  // Custom data is JSON of your own on every user: there is no table to make.
  app.post('/dashboard', auth.loginRequired(), async (req, res) => {
    await req.user.update({ customData: { note: String(req.body.note ?? '').slice(0, 200) } })
    res.redirect(303, '/dashboard')
  })

  // Only for members of a group; everybody else gets 403.
  app.get('/admin', auth.groupsRequired('admins'), async (_req, res) => {
    const application = await auth.application
    const accounts = await application.accounts.list({ orderBy: 'email', limit: 100 }).toArray()
    res.send(layout('Users', html`<ul>${accounts.map(({ email }) => html`<li>${email}</li>`)}</ul>`))
  })

  return app
}
