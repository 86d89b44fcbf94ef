import { randomBytes } from 'node:crypto'
import type { Source } from '../client/transport.ts'
import { negotiate } from '../std/accept.ts'
import type { LightResponse } from '../std/exchange.ts'
import { stringifyJson } from '../std/json.ts'
import type { Auth, Resolution } from './auth.ts'
import { csrfFields, csrfHeader, isForeign } from './csrf.ts'
import { Answered, type HookContext, type Hooks, runHook } from './hooks.ts'
import { type Input, readInput, textOf } from './input.ts'
import type { FieldSettings } from './options/defaults.ts'
import type { MediaType } from './options/settings.ts'
import { bringsCustomData } from './own-fields.ts'
import { toBanner } from './pages/banners.ts'
import { message } from './pages/messages/message.ts'
import type { BannerName, Page, PageContext, PageUser } from './pages/model.ts'
import type { Parts } from './parts.ts'
import { safeDestination, withDestination } from './redirects.ts'
import { Rejection } from './rejection.ts'
import { originOf, queryOf, type WebRequest } from './request.ts'
import type { Facts, SessionTimes, Tokens } from './service/service.ts'

/** Distributes over the pages, so that each keeps its own members. */
type Own<P> = P extends Page
  ? Omit<P, keyof PageContext> & { banner?: BannerName | undefined; user?: PageUser | undefined }
  : never

/** For how long the link of a mail leads on to where its reader wanted to go. */
const oneHour = 60 * 60_000
const oneYear = 365 * 24 * 60 * 60_000
/** Bytes of a body where no custom data comes along (defaults.md, Bounds: authentication endpoints). */
const usualLimit = 32 * 1024

/** One request to one of our routes, and what may be answered. */
export class Exchange {
  readonly request: WebRequest
  readonly parts: Parts
  readonly facts: Facts
  /** What the client wants; undefined when nothing that we have. */
  readonly type: MediaType | undefined
  /** `Set-Cookie` values of the answer. */
  readonly cookies: string[] = []
  #resolution: Resolution | undefined
  #input: Input | undefined
  #browser: string | undefined
  #device: string | undefined

  constructor(request: WebRequest, parts: Parts, facts: Facts) {
    this.request = request
    this.parts = parts
    this.facts = facts
    this.type = negotiate(request.header('accept'), parts.settings.produces)
  }

  /** Who makes the request. Renewed cookies go out with the answer. @throws Rejection 503 when nobody can tell */
  async auth(): Promise<Auth | undefined> {
    if (!this.#resolution) {
      this.#resolution = await this.parts.sessions.resolve(this.request)
      this.cookies.push(...this.#resolution.cookies)
    }
    if (this.#resolution.unavailable) throw new Rejection(message('problem.busy'), { status: 503, retryAfter: 5 })
    return this.#resolution.auth
  }

  /**
   * The body, once the request is known to come from one of our pages, or from no page.
   *
   * @param fields - those of the form that is filled in: the developer's own bring custom data and need room
   * @throws Rejection
   */
  async input(fields: readonly FieldSettings[] = []): Promise<Input> {
    this.#input ??= await this.#readInput(bringsCustomData(fields) ? this.parts.settings.customDataLimit : usualLimit)
    return this.#input
  }

  async #readInput(limit: number): Promise<Input> {
    const { request, parts } = this
    if (this.isForeign) throw this.#foreign()
    const input = await readInput(request, limit)
    // Forms always say what they are; a POST without a body is a program's or a script's, and browsers name its origin.
    if (input.kind !== 'form') return input
    const token = csrfFields.map((name) => input.fields[name]).find((value) => value !== undefined)
    const given = typeof token === 'string' ? token : request.header(csrfHeader)
    const holder = await this.#holder()
    // Kept before it is judged: the form that comes again shows what was typed.
    this.#input = input
    if (!parts.csrf.isFor(holder, given)) throw this.#foreign()
    return input
  }

  /** Whether a page of another site sent this. */
  get isForeign(): boolean {
    const { baseUrl, trustedOrigins } = this.parts.settings
    return isForeign(this.request, originOf(this.request, baseUrl), trustedOrigins)
  }

  #foreign(): Rejection {
    return new Rejection(message('problem.csrf'), { status: 403 })
  }

  /** What was typed into a form that is shown again. */
  typed(name: string): string | undefined {
    const value = this.#input?.fields[name]
    return typeof value === 'string' ? value : undefined
  }

  /** What knows the browser again: its session, or a cookie of its own. */
  async #holder(): Promise<string> {
    const auth = await this.auth().catch(() => undefined)
    const session = auth?.scheme === 'cookie' ? (auth.session ?? auth.user.href) : undefined
    return session ?? this.#browser ?? this.parts.cookies.browser.read(this.request) ?? ''
  }

  /** The token that our forms carry. */
  async csrf(): Promise<string> {
    let holder = await this.#holder()
    if (holder === '') {
      holder = randomBytes(16).toString('base64url')
      this.#browser = holder
      this.cookies.push(this.parts.cookies.browser.write(this.request, holder, undefined))
    }
    return this.parts.csrf.issue(holder)
  }

  /** The destination to go to in the end, if the request names one on this site. */
  get next(): string | undefined {
    const named = this.typed('next') ?? queryOf(this.request, 'next')
    return safeDestination(named, originOf(this.request, this.parts.settings.baseUrl))
  }

  /** Keeps the destination while a mail is read: its link says nothing of it. Without one, an earlier one is forgotten. */
  keepNext(): void {
    const { next, request } = this
    const { destination } = this.parts.cookies
    if (next !== undefined)
      this.cookies.push(destination.write(request, encodeURIComponent(next), this.parts.now() + oneHour))
    else this.#forgetNext()
  }

  /** The destination that the request names, or that was kept in this browser; it is kept no longer. */
  takeNext(): string | undefined {
    const { request } = this
    const kept = decode(this.parts.cookies.destination.read(request))
    this.#forgetNext()
    return this.next ?? safeDestination(kept, originOf(request, this.parts.settings.baseUrl))
  }

  /** An address of ours with the destination of `takeNext`. */
  ownWithKept(uri: string): string {
    return withDestination(this.own(uri, false), this.takeNext())
  }

  #forgetNext(): void {
    const { destination } = this.parts.cookies
    if (destination.read(this.request) !== undefined) this.cookies.push(destination.clear(this.request))
  }

  /** An address of ours as a browser sees it, the destination kept. */
  own(uri: string, keep = true): string {
    return withDestination(`${this.request.mount}${uri}`, keep ? this.next : undefined)
  }

  get flow(): HookContext['flow'] {
    return this.#input?.kind === 'json' ? 'json' : 'form'
  }

  /** Runs a hook of the developer's. @throws Answered when it has answered */
  async hook<N extends keyof Hooks>(
    name: N,
    event: Omit<Parameters<NonNullable<Hooks[N]>>[0], keyof HookContext>,
    flow: HookContext['flow'] = this.flow,
  ): Promise<void> {
    const full = { ...event, request: this.request, flow } as Parameters<NonNullable<Hooks[N]>>[0]
    const answer = await runHook(this.parts.settings.hooks, name, full)
    if (answer) throw new Answered(answer)
  }

  /** Where the user is, as the service is told: limits count by it. A device is known again once a log-in succeeded. */
  get source(): Source {
    const { request, parts } = this
    if (request.unheardProxy !== undefined) parts.tellOfProxy(request.unheardProxy)
    const known = parts.cookies.device.read(request)
    this.#device ??= known && /^[\w-]{16,128}$/.test(known) ? known : randomBytes(16).toString('base64url')
    return { address: request.ip, userAgent: request.header('user-agent')?.slice(0, 512), device: this.#device }
  }

  /** What a session is to last of who did or did not ask to be remembered. */
  sessionTimes(remembered: boolean): SessionTimes {
    const { usual, remembered: long, choice } = this.parts.settings.session
    return choice && remembered ? long : usual
  }

  /**
   * From now on the browser is logged in.
   * @param remembered - whether the user asked for that, where that can be asked for
   */
  carry(tokens: Tokens, remembered: boolean): void {
    const { sessions, cookies, now, settings } = this.parts
    const isKept = remembered || !settings.session.choice
    this.cookies.push(...sessions.carry(this.request, tokens, isKept), cookies.browser.clear(this.request))
    this.#forgetNext()
    if (this.#device) this.cookies.push(cookies.device.write(this.request, this.#device, now() + oneYear))
  }

  /** From now on the browser is not. */
  drop(): void {
    this.cookies.push(...this.parts.sessions.drop(this.request))
  }

  redirect(location: string): LightResponse {
    return this.#answer({ status: 302, headers: { location, 'cache-control': 'no-store' }, body: undefined })
  }

  json(status: number, body: object, headers: Record<string, string> = {}): LightResponse {
    return this.#answer({
      status,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...headers,
      },
      body: stringifyJson(body),
    })
  }

  /** 200 without a body. */
  empty(): LightResponse {
    return this.#answer({ status: 200, headers: { 'cache-control': 'no-store' }, body: undefined })
  }

  async page<P extends Page>(own: Own<P>): Promise<LightResponse> {
    const auth = await this.auth().catch(() => undefined)
    const { pages, brand } = this.parts
    const page = {
      banner: toBanner(queryOf(this.request, 'status')),
      ...own,
      brand: brand(this.facts),
      locale: this.locale,
      csrf: await this.csrf(),
      next: this.next,
      links: this.parts.links(this),
      user: auth && (auth.user as PageUser),
    } as unknown as Page
    return this.#answer(await pages.render(page))
  }

  get locale(): string {
    return this.parts.pages.chooseLocale(this.request.header('accept-language'))
  }

  #answer(response: LightResponse): LightResponse {
    const { headers } = response
    const before = headers['set-cookie'] ?? []
    const cookies = [...(Array.isArray(before) ? before : [before]), ...lastOfEach(this.cookies)]
    const more = cookies.length > 0 ? { 'set-cookie': cookies } : {}
    return { ...response, headers: { ...headers, vary: 'Accept, Cookie', ...more } }
  }
}

function decode(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** Of several values for one cookie, only the last is sent. */
function lastOfEach(cookies: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const cookie of cookies) byName.set(cookie.slice(0, cookie.indexOf('=')), cookie)
  return [...byName.values()]
}

/** A text that must be there. @throws Rejection */
export function requireText(input: Input, name: string, label: Rejection['text']): string {
  const value = textOf(input, name)
  if (value !== undefined && value !== '') return value
  throw new Rejection(message('problem.required', { label }), { field: name })
}
