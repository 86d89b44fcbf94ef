import type { LightResponse } from '../../std/exchange.ts'
import { toPublicAccount } from '../account.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { labelOf, toForm, toViewModel } from '../forms.ts'
import { choiceOf, textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { LoginPage } from '../pages/model.ts'
import { toLoginRejection } from '../problems.ts'
import { Rejection } from '../rejection.ts'
import type { Account, Followed, LogIn, LogInAs, Tokens } from '../service/service.ts'
import type { Verbs } from './flow.ts'

/** contract/web.md §4 */
export const logIn: Verbs = {
  async GET(exchange) {
    if (exchange.type === 'application/json') return exchange.json(200, toViewModel(exchange, form(exchange)))
    if (await exchange.auth()) return exchange.redirect(afterLogIn(exchange))
    return logInPage(exchange)
  },

  async POST(exchange) {
    try {
      const { account, tokens, remembered } = await attempt(exchange)
      exchange.carry(tokens, remembered)
      return exchange.type === 'text/html'
        ? exchange.redirect(afterLogIn(exchange))
        : exchange.json(200, { account: toPublicAccount(account) })
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return logInPage(exchange, error)
    }
  },
}

async function attempt(exchange: Exchange): Promise<{ account: Account; tokens: Tokens; remembered: boolean }> {
  const { parts, facts } = exchange
  const input = await exchange.input()
  const { fields } = parts.settings.login
  for (const field of fields) {
    const value = !field.enabled
      ? undefined
      : field.name === 'rememberMe'
        ? choiceOf(input, field.name)
        : textOf(input, field.name)
    if (field.enabled && field.required && !value) {
      throw new Rejection(message('problem.required', { label: labelOf(field) }), { field: field.name })
    }
  }
  if (!facts.hasStores) throw new Rejection(message('problem.loginImpossible'))
  const login = textOf(input, 'login') ?? ''
  const password = textOf(input, 'password') ?? ''
  await exchange.hook('preLogin', { login, fields: input.fields })
  // Named members only: a body must not choose where the account is looked for. (contract/web.md §29, 8)
  const organization = fields.some(({ name, enabled }) => name === 'organizationNameKey' && enabled)
    ? textOf(input, 'organizationNameKey')
    : undefined
  const remembered = parts.settings.session.choice && choiceOf(input, 'rememberMe') === 'true'
  const entered = await logInNow(exchange, { login, password, organization }, remembered)
  return { ...entered, remembered }
}

/** Checks credentials and runs what the developer wants to happen after. */
export async function logInNow(
  exchange: Exchange,
  credentials: Omit<LogIn, 'source' | 'session'> | Omit<LogInAs, 'source' | 'session'>,
  remembered = false,
): Promise<{ account: Account; tokens: Tokens }> {
  const { service } = exchange.parts
  const session = exchange.sessionTimes(remembered)
  let result: Awaited<ReturnType<typeof service.logIn>>
  try {
    result = await service.logIn({ ...credentials, source: exchange.source, session })
  } catch (error) {
    if (isRefusal(error)) throw toLoginRejection(error)
    throw error
  }
  await admit(exchange, result)
  return result
}

/**
 * The end of every log-in, however somebody showed who they are: the developer's last word, then the tokens.
 * @throws what the hook throws; the session has ended then
 */
export async function admit(
  exchange: Exchange,
  { account, tokens }: { account: Account; tokens: Tokens },
  flow = exchange.flow,
): Promise<Tokens> {
  try {
    await exchange.hook('postLogin', { account }, flow)
    return tokens
  } catch (error) {
    // Nobody gets these tokens: the log-in was refused after all.
    await exchange.parts.service.revoke(tokens.accessToken)
    throw error
  }
}

/**
 * Logs in who followed a mailed link, by the ticket that it brought. They did not ask to be remembered.
 * @returns whether they are logged in now
 * @throws what the hook throws
 */
export async function logInByLink(exchange: Exchange, { account, ticket }: Followed): Promise<boolean> {
  if (ticket === undefined) return false
  const session = exchange.sessionTimes(false)
  const tokens = await exchange.parts.service.redeem(ticket, { source: exchange.source, session })
  if (!tokens) return false
  exchange.carry(await admit(exchange, { account, tokens }), false)
  return true
}

/** Where a log-in leads. */
export function afterLogIn(exchange: Exchange, next = exchange.next): string {
  return next ?? exchange.parts.settings.login.nextUri ?? `${exchange.request.mount}/`
}

function form(exchange: Exchange, rejection?: Rejection) {
  const { login } = exchange.parts.settings
  return toForm(exchange, { action: login.uri, fields: login.fields, rejection })
}

/** The log-in page, with why it was not done. */
export function logInPage(exchange: Exchange, rejection?: Rejection): Promise<LightResponse> {
  return exchange.page<LoginPage>({
    page: 'login',
    form: form(exchange, rejection),
    providers: [],
    ...(rejection ? { banner: undefined } : {}),
  })
}
