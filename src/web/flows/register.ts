import type { LightResponse } from '../../std/exchange.ts'
import { inSteps } from '../../std/in-steps.ts'
import { toPublicAccount } from '../account.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { labelsOf, toForm, toViewModel } from '../forms.ts'
import { message } from '../pages/messages/message.ts'
import type { RegisterPage } from '../pages/model.ts'
import { toAccountRejection } from '../problems.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { Account } from '../service/service.ts'
import type { Verbs } from './flow.ts'
import { logInNow } from './log-in.ts'
import { readRegistration } from './registration.ts'

/** contract/web.md §5 */
export const register: Verbs = {
  async GET(exchange) {
    if (exchange.type === 'application/json') return exchange.json(200, toViewModel(exchange, form(exchange)))
    if (await exchange.auth()) return exchange.redirect(afterRegistration(exchange))
    return page(exchange)
  },

  async POST(exchange) {
    try {
      return await create(exchange)
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, error)
    }
  },
}

async function create(exchange: Exchange): Promise<LightResponse> {
  const { settings, service } = exchange.parts
  const input = await exchange.input(settings.register.fields)
  const fields = { ...input.fields }
  await exchange.hook('preRegister', { fields })
  const { organization, account: draft } = readRegistration(fields, settings.register.fields)
  let account: Account | undefined
  try {
    const { source } = exchange
    const notify = isHidden(exchange, organization)
    const registering = () => service.register({ account: draft, organization, source, notify })
    account = await (notify ? inSteps(registering) : registering())
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw toAccountRejection(error, exchange.facts, labelsOf(settings.register.fields))
  }
  const told = isHidden(exchange, organization) ? undefined : account
  if (!account) return answer(exchange, undefined, 'unverified')
  await exchange.hook('postRegister', { account })
  if (account.status !== 'ENABLED') return answer(exchange, told, 'unverified')
  if (!settings.register.autoLogin) return answer(exchange, account, 'created')
  const { tokens } = await logInNow(exchange, {
    account: account.href,
    password: String(draft.password),
    organization,
  })
  exchange.carry(tokens, false)
  return answer(exchange, account, undefined)
}

/**
 * Nobody learns who has an account here, where the mail can tell who it is for; of an organization's directories the
 * service knows whether it can. (defaults.md, Behaviour)
 */
function isHidden({ parts, facts }: Exchange, organization: string | undefined): boolean {
  return parts.settings.register.strictPrivacy && (facts.emailVerification || organization !== undefined)
}

function answer(
  exchange: Exchange,
  account: Account | undefined,
  status: 'unverified' | 'created' | undefined,
): LightResponse {
  if (exchange.type !== 'text/html') {
    return account ? exchange.json(200, { account: toPublicAccount(account) }) : exchange.empty()
  }
  if (status === undefined) return exchange.redirect(afterRegistration(exchange))
  if (status === 'unverified') exchange.keepNext()
  return exchange.redirect(withParameter(exchange.own(exchange.parts.settings.login.uri), 'status', status))
}

function afterRegistration(exchange: Exchange): string {
  return exchange.next ?? exchange.parts.settings.register.nextUri ?? `${exchange.request.mount}/`
}

function form(exchange: Exchange, rejection?: Rejection) {
  const { register } = exchange.parts.settings
  const { passwordLength } = exchange.facts
  const password = passwordLength && message('field.passwordHint', { min: passwordLength.min })
  return toForm(exchange, { action: register.uri, fields: register.fields, rejection, hints: { password } })
}

function page(exchange: Exchange, rejection?: Rejection): Promise<LightResponse> {
  return exchange.page<RegisterPage>({ page: 'register', form: form(exchange, rejection), providers: [] })
}
