import type { LightResponse } from '../std/exchange.ts'
import type { WebRequest } from './request.ts'
import type { User } from './user.ts'

/** What every hook is told of the request; `native` holds the framework's own objects. */
export interface HookContext {
  readonly request: WebRequest
  /** Which way the user came. */
  readonly flow: 'form' | 'json' | 'token'
}

type Answer = LightResponse | Response | undefined
// biome-ignore lint/suspicious/noConfusingVoidType: most hooks end without a word
type Hook<T> = (event: T & HookContext) => Answer | void | Promise<Answer | void>

/**
 * Functions of the developer's that run in every flow, awaited. One that throws stops the flow: `reject(message,
 * { field })` turns the request down in these words, any other error is a 500. One that returns an answer has answered;
 * what follows does not happen. (contract/web.md §17)
 *
 * @example
 * latchkey({
 *   hooks: {
 *     preRegister: ({ fields }) => {
 *       if (!String(fields.email).endsWith('@example.com')) reject('Only for us.', { field: 'email' })
 *     },
 *   },
 * })
 */
export interface Hooks {
  /** Before the account is created. What is changed in `fields` is what is created. */
  preRegister?: Hook<{ fields: Record<string, unknown> }>
  /** After it was created, before anybody is logged in. */
  postRegister?: Hook<{ account: HookAccount }>
  /** Before the password is checked. */
  preLogin?: Hook<{ login: string; fields: Readonly<Record<string, unknown>> }>
  /** After the credentials were found good, before cookies or tokens go out. */
  postLogin?: Hook<{ account: HookAccount }>
  preLogout?: Hook<{ user: User | undefined }>
  postLogout?: Hook<{ user: User | undefined }>
  /** After an e-mail address was verified by its link. */
  postVerify?: Hook<{ account: HookAccount }>
  /** Before a password is replaced: by link, or by who is logged in. */
  prePasswordChange?: Hook<{ password: string }>
  postPasswordChange?: Hook<{ account: HookAccount }>
}

export interface HookAccount {
  readonly href: string
  readonly email: string
  readonly [member: string]: unknown
}

export const hookNames = [
  'preRegister',
  'postRegister',
  'preLogin',
  'postLogin',
  'preLogout',
  'postLogout',
  'postVerify',
  'prePasswordChange',
  'postPasswordChange',
] as const satisfies readonly (keyof Hooks)[]

/** Runs a hook; its answer when it has answered. */
export async function runHook<N extends keyof Hooks>(
  hooks: Hooks,
  name: N,
  event: Parameters<NonNullable<Hooks[N]>>[0],
): Promise<LightResponse | undefined> {
  const hook = hooks[name] as Hook<object> | undefined
  const answer = await hook?.(event)
  return answer instanceof Response ? toLight(answer) : (answer ?? undefined)
}

/** The answer of a hook, thrown where a flow has to end in its middle. */
export class Answered extends Error {
  readonly answer: LightResponse

  constructor(answer: LightResponse) {
    super('A hook answered.')
    this.answer = answer
  }
}

async function toLight(response: Response): Promise<LightResponse> {
  const headers: LightResponse['headers'] = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) }
}
