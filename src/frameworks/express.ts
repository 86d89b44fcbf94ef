import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Client } from '../client/client.ts'
import { isBodiless, type LightResponse } from '../std/exchange.ts'
import { Mistake } from '../std/mistake.ts'
import type { Auth } from '../web/auth.ts'
import { guardDevelopment } from '../web/development.ts'
import { Exchange } from '../web/exchange.ts'
import { type GuardOptions, readGroupNames, readGuardOptions } from '../web/guard-options.ts'
import type { Demand, Guard, Verdict } from '../web/guards.ts'
import type { WebOptions } from '../web/options/options.ts'
import { logoutButton } from '../web/pages/logout-button.ts'
import { originOf } from '../web/request.ts'
import type { Application } from '../web/service/application.ts'
import { inboxPath, type OpenService, type Started, type StartOptions, start } from '../web/start.ts'
import type { User } from '../web/user.ts'
import type { Web } from '../web/web.ts'
import { ExpressRequest } from './express-request.ts'

declare global {
  namespace Express {
    interface Request {
      /** Who is logged in; set by the guards. */
      user?: User | undefined
      /** How that is known; set by the guards. */
      auth?: Auth | undefined
    }
  }
}

/** A request that passed a guard. */
export interface Guarded {
  user: User
  auth: Auth
}

declare const passes: unique symbol
/** Lets nobody through who is not logged in: handlers behind it know the user. */
export interface ExpressGuard {
  (req: Request, res: Response, next: NextFunction): void
  readonly [passes]?: true
}

type GuardedHandler<P> = (req: Request<P> & Guarded, res: Response, next: NextFunction) => unknown

// Behind a guard the user is there, and the types say so: of the overloads of `app.get` and its like, this comes first.
declare module 'express-serve-static-core' {
  interface IRouterMatcher<T, Method> {
    // biome-ignore lint/style/useShorthandFunctionType: it adds to an interface of Express
    <P = ParamsDictionary>(path: PathParams, guard: ExpressGuard, ...handlers: GuardedHandler<P>[]): T
  }
}

/** What `latchkey()` gives: middleware with the pages and routes of users, and guards for routes of your own. */
export interface ExpressAuth {
  (req: Request, res: Response, next: NextFunction): void
  /** Only who is logged in, by cookie, Bearer token or API key. Browsers are sent to log in and come back. */
  loginRequired(options?: GuardOptions): ExpressGuard
  /** Only members of all these groups, or with `all: false` of any: names or addresses. Others get 403. */
  groupsRequired(names: string | readonly string[], options?: GuardOptions & { all?: boolean }): ExpressGuard
  /** Only who sends an Authorization header: cookies do not count, nobody is sent anywhere. */
  apiRequired(options?: GuardOptions): ExpressGuard
  /** Everybody; `req.user` is set for who is logged in. */
  optional(options?: GuardOptions): RequestHandler
  /** Only users of whom the predicate is true. Others get 403. */
  when(predicate: (user: User, req: Request) => boolean | Promise<boolean>, options?: GuardOptions): ExpressGuard
  /** A form with one button that logs out, for a page of your own. */
  logoutButton(req: Request, res: Response, label?: string): Promise<string>
  /** What a form of your own on our routes has to carry as `_csrf`. */
  csrfToken(req: Request, res: Response): Promise<string>
  /** Resolves when users can be reached; until then requests wait. Awaiting it makes a failed start yours to handle. */
  readonly ready: Promise<void>
  /** The whole API as its administrator, with the same key: never hand on what a user typed as an address or a query. */
  readonly client: Promise<Client>
  /** The application that this program is, with its `accounts` and `groups`. */
  readonly application: Promise<Application>
  /** Ends what runs in this process. */
  close(): Promise<void>
}

/** Settings of the application, and those of the service in this process: `data`, `database`, … */
export type OptionsWith<S extends object> = WebOptions & {
  [K in Exclude<keyof S, keyof WebOptions>]?: S[K] | undefined
}

/**
 * Makes `latchkey` for an entry file that knows how to open the service in this process, and which settings `S` that has.
 */
export function createLatchkey<S extends object = {}>(
  open: OpenService,
): (options?: OptionsWith<S>, how?: StartOptions) => ExpressAuth {
  return (options, how = {}) => createAuth(start({ ...options }, open, how))
}

function createAuth(started: Started): ExpressAuth {
  const { settings } = started

  const middleware = (req: Request, res: Response, next: NextFunction): void => {
    const { web } = started
    if (web) pass(web, req, res, next)
    else started.ready().then((web) => pass(web, req, res, next), next)
  }

  function pass(web: Web, req: Request, res: Response, next: NextFunction): void {
    const request = new ExpressRequest(req)
    if (!started.development) answerWith(web.handle(request), req, res, next)
    else if (started.inbox && request.path.startsWith(inboxPath)) answerWith(started.inbox(request), req, res, next)
    else if (!web.isOurs(request)) next()
    else develop(web, request, req, res, next)
  }

  /** Of this machine only; and since nobody has said where we are, the first request says it. */
  function develop(web: Web, request: ExpressRequest, req: Request, res: Response, next: NextFunction): void {
    const refused = guardDevelopment(request)
    if (refused) {
      send(req, res, refused)
      return
    }
    const origin = originOf(request, undefined)
    const pointed = origin === undefined ? undefined : web.pointLinks(origin, request.mount)
    Promise.resolve(pointed).then(() => answerWith(web.handle(request), req, res, next), next)
  }

  function answerWith(
    answer: Promise<LightResponse | undefined> | undefined,
    req: Request,
    res: Response,
    next: NextFunction,
  ): void {
    if (answer === undefined) next()
    else answer.then((answer) => (answer ? send(req, res, answer) : next())).catch(next)
  }

  function guard(demandOf: (req: Request) => Demand, isFixed: boolean): RequestHandler {
    let fixed: { web: Web; guard: Guard } | undefined
    const judge = (web: Web, req: Request, request: ExpressRequest): Verdict | Promise<Verdict> => {
      if (!isFixed) return web.guard(demandOf(req))(request)
      if (fixed?.web !== web) fixed = { web, guard: web.guard(demandOf(req)) }
      return fixed.guard(request)
    }
    const run = (web: Web, req: Request, res: Response, next: NextFunction): void => {
      const request = new ExpressRequest(req)
      const refused = started.development ? guardDevelopment(request) : undefined
      if (refused) {
        send(req, res, refused)
        return
      }
      const verdict = judge(web, req, request)
      if (verdict instanceof Promise) verdict.then((verdict) => apply(verdict, req, res, next)).catch(next)
      else apply(verdict, req, res, next)
    }
    return (req, res, next) => {
      const { web } = started
      if (web) run(web, req, res, next)
      else started.ready().then((web) => run(web, req, res, next), next)
    }
  }

  function apply(verdict: Verdict, req: Request, res: Response, next: NextFunction): void {
    // Whatever is answered depends on who asks, also where that is nobody.
    vary(res, 'Cookie, Authorization')
    if ('refused' in verdict) {
      const own = verdict.refused === 'unauthenticated' ? settings.onUnauthenticated : settings.onForbidden
      if (verdict.refused === 'unavailable' || typeof own !== 'function') send(req, res, verdict.answer)
      else own(req, res, next)
      return
    }
    const { auth, cookies } = verdict
    req.auth = auth
    req.user = auth?.user
    res.locals.user = auth?.user
    if (cookies.length > 0) addCookies(res, cookies)
    // What is made for one user is for no shared cache, unless the handler says otherwise.
    if (auth && !res.hasHeader('cache-control')) res.setHeader('Cache-Control', 'private, no-cache')
    next()
  }

  async function exchangeOf(req: Request): Promise<Exchange> {
    const { parts } = await started.ready()
    return new Exchange(new ExpressRequest(req), parts, await parts.facts())
  }

  const csrfToken = async (req: Request, res: Response): Promise<string> => {
    const exchange = await exchangeOf(req)
    const token = await exchange.csrf()
    addCookies(res, exchange.cookies)
    return token
  }

  const demand = (demand: Demand) => guard(() => demand, true) as ExpressGuard
  const remoteOf = (name: string, options: unknown) => readGuardOptions(name, options, ['remote']).remote
  return Object.defineProperties(
    Object.assign(middleware, {
      loginRequired: (options?: unknown) => demand({ remote: remoteOf('loginRequired', options) }),
      groupsRequired(names: unknown, options?: unknown) {
        const wanted = readGroupNames(names)
        const { all = true, remote } = readGuardOptions('groupsRequired', options, ['remote', 'all'])
        return demand({ remote, allows: (user) => user.inGroups(wanted, { all }) })
      },
      apiRequired: (options?: unknown) => demand({ api: true, remote: remoteOf('apiRequired', options) }),
      optional(options?: unknown) {
        const remote = remoteOf('optional', options)
        return guard(() => ({ optional: true, remote }), true)
      },
      when(predicate: (user: User, req: Request) => boolean | Promise<boolean>, options?: unknown) {
        if (typeof predicate !== 'function') {
          throw new Mistake('auth.when() takes a function', 'auth.when((user, req) => user.id === req.params.id)')
        }
        const remote = remoteOf('when', options)
        return guard((req) => ({ remote, allows: (user) => predicate(user, req) }), false) as ExpressGuard
      },
      csrfToken,
      async logoutButton(req: Request, res: Response, label = 'Log Out') {
        const csrf = await csrfToken(req, res)
        return logoutButton({ action: settings.logout.uri, csrf, label }).toString()
      },
      close: () => started.close(),
    }),
    {
      ready: { get: () => started.ready().then(() => undefined) },
      client: { get: () => started.ready().then(({ parts }) => parts.service.client) },
      application: { get: () => started.ready().then(({ parts }) => parts.service.application()) },
    },
  ) as ExpressAuth
}

/** Sends an answer of ours; cookies that the application has set go along. */
function send(req: Request, res: Response, { status, headers, body }: LightResponse): void {
  if (res.headersSent) return
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'set-cookie') addCookies(res, Array.isArray(value) ? value : [value])
    else if (name.toLowerCase() === 'vary') vary(res, String(value))
    else res.setHeader(name, value)
  }
  if (isBodiless(req.method, status) || body === undefined) {
    if (!isBodiless(req.method, status)) res.setHeader('Content-Length', 0)
    res.end()
  } else {
    res.setHeader('Content-Length', Buffer.byteLength(body))
    res.end(body)
  }
}

/** Beside what others have said; Express takes its time over that. */
function vary(res: Response, names: string): void {
  if (res.hasHeader('vary')) for (const name of names.split(', ')) res.vary(name)
  else res.setHeader('Vary', names)
}

function addCookies(res: Response, cookies: readonly string[]): void {
  if (cookies.length === 0) return
  const before = res.getHeader('set-cookie') ?? []
  res.setHeader('Set-Cookie', [...(Array.isArray(before) ? before : [String(before)]), ...cookies])
}
