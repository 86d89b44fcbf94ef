import type { LightResponse } from '../../std/exchange.ts'
import { toPublicAccount } from '../account.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { labelOf, toForm, toViewModel } from '../forms.ts'
import { textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { LoginPage } from '../pages/model.ts'
import { toLoginRejection } from '../problems.ts'
import { Rejection } from '../rejection.ts'
import type { Account, Tokens } from '../service/service.ts'
import type { Verbs } from './flow.ts'

/** contract/web.md §4 */
export const logIn: Verbs = {
  async GET(exchange) {
    if (exchange.type === 'application/json') return exchange.json(200, toViewModel(exchange, form(exchange)))
    if (await exchange.auth()) return exchange.redirect(afterLogIn(exchange))
    return page(exchange)
  },

  async POST(exchange) {
    try {
      const { account, tokens } = await attempt(exchange)
      exchange.carry(tokens)
      return exchange.type === 'text/html'
        ? exchange.redirect(afterLogIn(exchange))
        : exchange.json(200, { account: toPublicAccount(account) })
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, error)
    }
  },
}

async function attempt(exchange: Exchange): Promise<{ account: Account; tokens: Tokens }> {
  const { parts, facts } = exchange
  const input = await exchange.input()
  const { fields } = parts.settings.login
  for (const field of fields) {
    const value = field.enabled ? textOf(input, field.name) : undefined
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
  return logInNow(exchange, { login, password, organization })
}

/** Checks credentials and runs what the developer wants to happen after. */
export async function logInNow(
  exchange: Exchange,
  credentials: { login: string; password: string; organization: string | undefined },
): Promise<{ account: Account; tokens: Tokens }> {
  const { service } = exchange.parts
  let result: Awaited<ReturnType<typeof service.logIn>>
  try {
    result = await service.logIn({ ...credentials, source: exchange.source })
  } catch (error) {
    if (isRefusal(error)) throw toLoginRejection(error)
    throw error
  }
  try {
    await exchange.hook('postLogin', { account: result.account })
  } catch (error) {
    // Nobody gets these tokens: the log-in was refused after all.
    await service.revoke(result.tokens.accessToken)
    throw error
  }
  return result
}

/** Where a log-in leads. */
export function afterLogIn(exchange: Exchange): string {
  return exchange.next ?? exchange.parts.settings.login.nextUri ?? `${exchange.request.mount}/`
}

function form(exchange: Exchange, rejection?: Rejection) {
  const { login } = exchange.parts.settings
  return toForm(exchange, { action: login.uri, fields: login.fields, rejection })
}

function page(exchange: Exchange, rejection?: Rejection): Promise<LightResponse> {
  return exchange.page<LoginPage>({
    page: 'login',
    form: form(exchange, rejection),
    providers: [],
    ...(rejection ? { banner: undefined } : {}),
  })
}
