import { readCookie, writeCookie } from '../std/cookie.ts'
import type { CookieSettings, Settings } from './options/settings.ts'
import { isSecure, type WebRequest } from './request.ts'

export interface Cookie {
  /** The value the request brought. */
  read(request: WebRequest): string | undefined
  /** A `Set-Cookie` value. Without `expires` (milliseconds) the cookie ends with the browser. */
  write(request: WebRequest, value: string, expires: number | undefined): string
  /** A `Set-Cookie` value that deletes it: same name, domain and path, or browsers keep it. (contract/web.md §6) */
  clear(request: WebRequest): string
}

export interface Cookies {
  readonly access: Cookie
  readonly refresh: Cookie
  /** Knows a browser again that is not logged in, for the forms it is given. */
  readonly browser: Cookie
  /** Knows a device again on which somebody once logged in, for limits. */
  readonly device: Cookie
  /** Where somebody wanted to go who was sent a mail first. */
  readonly destination: Cookie
  /** Says that the session is to end with the browser, and so does this. */
  readonly brief: Cookie
}

/** The cookies there are. (contract/web.md §13) */
export function createCookies(settings: Settings): Cookies {
  const make = (cookie: CookieSettings) => createCookie(cookie, settings)
  return {
    access: make(settings.accessTokenCookie),
    refresh: make(settings.refreshTokenCookie),
    browser: make({ ...settings.refreshTokenCookie, name: 'latchkey_browser', httpOnly: true }),
    device: make({ ...settings.refreshTokenCookie, name: 'latchkey_device', httpOnly: true }),
    destination: make({ ...settings.refreshTokenCookie, name: 'latchkey_next', httpOnly: true }),
    brief: make({ ...settings.refreshTokenCookie, name: 'latchkey_brief', httpOnly: true }),
  }
}

function createCookie(cookie: CookieSettings, { baseUrl, hostPrefix }: Settings): Cookie {
  const { name, domain, path, httpOnly, sameSite } = cookie
  const canHavePrefix = hostPrefix && domain === undefined && path === '/' && cookie.secure !== false
  const prefixed = `__Host-${name}`
  const nameFor = (secure: boolean) => (secure && canHavePrefix ? prefixed : name)
  const isSecureFor = (request: WebRequest) => cookie.secure ?? isSecure(request, baseUrl)
  const write = (request: WebRequest, value: string, expires: number | undefined) => {
    const secure = isSecureFor(request)
    return writeCookie(nameFor(secure), value, { path, domain, expires, httpOnly, secure, sameSite })
  }
  return {
    read: (request) => readCookie(request.header('cookie'), nameFor(isSecureFor(request))),
    write,
    clear: (request) => write(request, '', 0),
  }
}
