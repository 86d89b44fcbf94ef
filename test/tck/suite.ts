import { request } from 'node:http'
import { expect } from 'vitest'
import { describeWeb, type Page, type Stage } from '../web/harness.ts'

export { html, json, password } from '../web/harness.ts'

const ways = [
  { position: 'embedded', database: 'sqlite' },
  { position: 'remote', database: 'postgres' },
] as const

/**
 * One class of the old compatibility suite, as a black box, with the historical defaults: embedded over SQLite and
 * remote over PostgreSQL, on Express 5 and 4. (contract/web.md §31)
 */
export function describeTck(title: string, tests: (stage: () => Stage) => void): void {
  describeWeb(`old compatibility suite: ${title}`, tests, { presets: ['stormpath'], ways, mail: true })
}

export const newAddress = (): string => `tck-${Math.random().toString(36).slice(2)}@example.com`

/** The old suite gave every account a username, its e-mail address. */
export function newAccount(stage: Stage): Promise<Record<string, string>> {
  const email = newAddress()
  return stage.account({ email, username: email, givenName: 'GivenName', middleName: 'MiddleName', surname: 'Surname' })
}

/** The token of the link in the newest mail to an address. */
export async function mailedToken(stage: Stage, to: string): Promise<string> {
  const mail = (await stage.service.inbox?.latest({ to })) ?? expect.fail(`there is no mail to ${to}`)
  return /[?&]sptoken=([\w.~-]+)/.exec(mail.text ?? '')?.[1] ?? expect.fail(`no link in the mail: ${mail.text}`)
}

/** A verb of somebody else: neither answered nor broken, but the application's. */
export function expectNotHandled({ status }: Pick<Page, 'status'>): void {
  expect(status).not.toBe(200)
  expect(status).toBeLessThan(500)
}

/** Exactly `status` and `message`. */
export function expectError(page: Page, status: number): void {
  expect(page.headers.get('content-type')).toContain('application/json')
  expect(page).toMatchObject({ status, json: { status, message: expect.stringMatching(/./) } })
  expect(Object.keys(page.json).sort()).toEqual(['message', 'status'])
}

/** Exactly `error` and `message`, as token endpoints answer. */
export function expectOAuthError(page: Page, status: number, error: unknown): void {
  expect(page).toMatchObject({ status, json: { error, message: expect.stringMatching(/./) } })
  expect(Object.keys(page.json).sort()).toEqual(['error', 'message'])
  expect(page.headers.get('content-type')).toContain('application/json')
  expect(page.headers.get('cache-control')).toContain('no-store')
  expect(page.headers.get('pragma')).toBe('no-cache')
}

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** The one member `account`: these attributes and no link. (contract/web.md §4) */
export function expectAccount(page: Page, account: Record<string, unknown>): void {
  expect(page.status, page.text).toBe(200)
  expect(page.headers.get('content-type')).toContain('application/json')
  const { email, username, givenName, middleName, surname } = account
  expect(page.json).toEqual({
    account: {
      href: expect.stringContaining('/accounts/'),
      email,
      username,
      givenName,
      middleName,
      surname,
      fullName: [givenName, middleName, surname].filter(Boolean).join(' '),
      status: 'ENABLED',
      createdAt: expect.stringMatching(iso8601),
      modifiedAt: expect.stringMatching(iso8601),
    },
  })
}

/** The value that `Set-Cookie` gives a cookie, and when it ends, in milliseconds. */
export function cookieOf({ setCookies }: Page, name: string): { value: string; expires: number } {
  const cookie = setCookies.find((each) => each.startsWith(`${name}=`)) ?? expect.fail(`${name} is not set`)
  const expires = /; Expires=([^;]+)/i.exec(cookie)?.[1] ?? ''
  return { value: cookie.slice(name.length + 1).split(';')[0] as string, expires: Date.parse(expires) }
}

export function expectCookiesDeleted(page: Page): void {
  for (const name of ['access_token', 'refresh_token']) {
    expect(cookieOf(page, name)).toEqual({ value: '', expires: 0 })
  }
}

export function claimsOf(jwt: string): { sub: string; jti: string; exp: number } {
  return JSON.parse(Buffer.from(jwt.split('.')[1] as string, 'base64url').toString())
}

/** The visible inputs of a page, in order, with their attributes. */
export function inputsOf({ text }: Page): Record<string, string>[] {
  const tags = [...text.matchAll(/<input\b([^>]*)>/g)].map(([, inner = '']) => inner)
  const all = tags.map((inner) =>
    Object.fromEntries(
      [...inner.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  )
  return all.filter(({ type, hidden }) => type !== 'hidden' && hidden === undefined)
}

/** The text of the first `div` among whose classes is this one; undefined when there is none. */
export function textOfDiv({ text }: Page, name: string): string | undefined {
  const start = [...text.matchAll(/<div class="([^"]*)"[^>]*>/g)].find(([, classes = '']) =>
    classes.split(' ').includes(name),
  )?.index
  if (start === undefined) return undefined
  let depth = 0
  for (const { 0: tag, index } of text.slice(start).matchAll(/<\/?div\b/g)) {
    depth += tag === '</div' ? -1 : 1
    if (depth === 0) return plain(text.slice(start, start + index))
  }
  return expect.fail('a div is not closed')
}

const plain = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** A GET with these headers and no other: `fetch` always says what it accepts. */
export function bareGet(url: string, headers: Record<string, string>): Promise<{ status: number; type: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' })
    })
    sent.on('error', reject).end()
  })
}
