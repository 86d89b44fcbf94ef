import type { LightResponse } from '../../std/exchange.ts'
import { toPublicAccount } from '../account.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { ownFields, toForm } from '../forms.ts'
import { textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { ConfirmPage, VerifyPage } from '../pages/model.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import { queryOf } from '../request.ts'
import type { Followed } from '../service/service.ts'
import type { Verbs } from './flow.ts'
import { afterLogIn, logInByLink, logInPage } from './log-in.ts'
import { unrevealing } from './unrevealing.ts'

/**
 * contract/web.md §9. A page that a mail scanner opens verifies nothing: it takes the button. (W67) With auto-login whoever
 * pressed it is logged in, in the browser where they did. (W50)
 */
export const verify: Verbs = {
  async GET(exchange) {
    const token = queryOf(exchange.request, 'sptoken')
    if (wantsPage(exchange)) return token ? confirm(exchange, token) : resend(exchange)
    if (!token) return exchange.json(400, { status: 400, message: 'sptoken parameter not provided.' })
    if (exchange.request.method !== 'GET') return exchange.empty()
    // A page elsewhere can make a browser ask this; whoever it is logs nobody in.
    const { autoLogin } = exchange.parts.settings.register
    const followed = await use(exchange, token, autoLogin && !exchange.isForeign)
    const isIn = await logInByLink(exchange, followed)
    return isIn ? exchange.json(200, { account: toPublicAccount(followed.account) }) : exchange.empty()
  },

  async POST(exchange) {
    try {
      const input = await exchange.input()
      const token = textOf(input, 'sptoken')
      if (token) {
        const { autoLogin } = exchange.parts.settings.register
        return await verified(exchange, await use(exchange, token, autoLogin))
      }
      const login = textOf(input, 'login') ?? textOf(input, 'email')
      const { parts, source } = exchange
      if (login) await unrevealing(() => parts.service.requestVerification(login, { source }))
      if (exchange.type !== 'text/html') return exchange.empty()
      exchange.keepNext()
      const { login: route } = exchange.parts.settings
      return exchange.redirect(withParameter(exchange.own(route.uri), 'status', 'unverified'))
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return resend(exchange, error)
    }
  },
}

/** Scanners take anything: only who names JSON gets it here, where getting it uses the link up. (attacks.md A9) */
function wantsPage({ type, request, parts }: Exchange): boolean {
  if (type === 'text/html') return true
  const namesJson = /\bjson\b/i.test(request.header('accept') ?? '')
  return !namesJson && parts.settings.produces.includes('text/html')
}

async function use(exchange: Exchange, token: string, logIn: boolean): Promise<Followed> {
  let followed: Followed
  try {
    followed = await exchange.parts.service.verify(token, { source: exchange.source, logIn })
  } catch (error) {
    if (isRefusal(error)) throw new Rejection(message('problem.linkInvalid'), { status: 404 })
    throw error
  }
  await exchange.hook('postVerify', { account: followed.account })
  return followed
}

async function verified(exchange: Exchange, followed: Followed): Promise<LightResponse> {
  const { verifyEmail, login } = exchange.parts.settings
  try {
    const isIn = await logInByLink(exchange, followed)
    if (exchange.type !== 'text/html') return exchange.json(200, { account: toPublicAccount(followed.account) })
    if (isIn) return exchange.redirect(afterLogIn(exchange, exchange.takeNext()))
  } catch (error) {
    // The address is verified; who is not let in all the same is told where one logs in.
    if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
    return logInPage(exchange, error)
  }
  return exchange.redirect(verifyEmail.nextUri ?? withParameter(exchange.ownWithKept(login.uri), 'status', 'verified'))
}

function confirm(exchange: Exchange, token: string): Promise<LightResponse> {
  const { verifyEmail } = exchange.parts.settings
  const form = toForm(exchange, { action: verifyEmail.uri, fields: [], hidden: { sptoken: token } })
  return exchange.page<ConfirmPage>({ page: 'confirm', form })
}

function resend(exchange: Exchange, rejection?: Rejection): Promise<LightResponse> {
  const { verifyEmail } = exchange.parts.settings
  const form = toForm(exchange, { action: verifyEmail.uri, fields: [ownFields.email], rejection })
  return exchange.page<VerifyPage>({ page: 'verify', form })
}
