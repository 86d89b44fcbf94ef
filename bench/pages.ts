import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Claim, Context, Line } from './claim.ts'
import { cycle, load, type NextRequest, toRequest } from './measure/load.ts'
import { serving } from './subjects/bare.ts'
import { startChild } from './subjects/child.ts'
import { PASSWORD, uniqueEmail } from './subjects/latchkey.ts'
import { raceHashes } from './subjects/race-hashes.ts'

/** Log-in and registration as people do them: forms of an Express app, hashing, limits, mails, cookies and all. */
export const pages: Claim = {
  id: 'PAGES',
  title: 'Log-in and registration through the pages of an Express app',
  goal: 'at least 90 % of raw argon2id; log-in 7x better-auth (3.3x with crypto.argon2), registration 6x (3x)',
  async run(context) {
    if (!context.stores.includes('sqlite')) return []
    const data = mkdtempSync(join(context.folder('pages'), 'data-'))
    const module = new URL('./subjects/guarded-express.ts', import.meta.url)
    await using app = await serving(startChild(module, { args: [data] }), undefined)
    const emails = Array.from({ length: context.quick ? 8 : 32 }, uniqueEmail)
    const newcomers = emails.values()
    const register = await form(app.port, '/register', () => {
      const email = newcomers.next().value
      return email === undefined ? undefined : { email, password: PASSWORD }
    })
    await load({ ...app, connections: 2, next: register, duration: 60_000, status: 302 })
    let at = 0
    const login = await form(app.port, '/login', () => ({
      login: emails[at++ % emails.length] as string,
      password: PASSWORD,
    }))
    return [
      ...(await race(context, 'log-in', app, login)),
      ...(await race(
        context,
        'registration',
        app,
        await form(app.port, '/register', () => ({ email: uniqueEmail(), password: PASSWORD })),
      )),
    ]
  },
}

function race(
  context: Context,
  what: 'log-in' | 'registration',
  app: { pid: number; port: number },
  next: NextRequest,
): Promise<Line[]> {
  const isLogin = what === 'log-in'
  return raceHashes(context, {
    what: `${what} by a form`,
    store: 'sqlite',
    work: isLogin ? 'verify' : 'hash',
    goals: { raw: 0.9, peer: isLogin ? { 'node-rs': 7, node: 3.3 } : { 'node-rs': 6, node: 3 } },
    ours: { ...app, next, status: 302 },
    async peer(port) {
      const send = (path: string, body: object) =>
        toRequest(port, { method: 'POST', path, headers: { origin: `http://127.0.0.1:${port}` }, body })
      const signUp = (email: string) => send('/api/auth/sign-up/email', { email, password: PASSWORD, name: 'Ada' })
      if (!isLogin) return () => signUp(uniqueEmail())
      const emails = Array.from({ length: context.quick ? 4 : 16 }, uniqueEmail)
      const signUps = emails.map(signUp).values()
      await load({ port, pid: 0, connections: 2, next: () => signUps.next().value, duration: 60_000 })
      return cycle(emails.map((email) => send('/api/auth/sign-in/email', { email, password: PASSWORD })))
    },
  })
}

let people = 0

/** Opens a page once; its form is then sent by somebody else, somewhere else, each time. */
async function form(
  port: number,
  path: string,
  fields: () => Record<string, string> | undefined,
): Promise<NextRequest> {
  const page = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept: 'text/html' } })
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1]
  if (token === undefined) throw new Error(`${path} has no form, but an answer ${page.status}`)
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return () => {
    const given = fields()
    if (!given) return undefined
    const at = ++people
    // A network each: limits count by the first three numbers.
    const address = `${11 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.1`
    const headers = { accept: 'text/html', cookie, 'x-forwarded-for': address }
    return toRequest(port, { method: 'POST', path, headers, form: { _csrf: token, ...given } })
  }
}
