import type { LightResponse } from '../../std/exchange.ts'
import { toPublicAccount } from '../account.ts'
import { type Exchange, requireText } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { ownFields, toForm } from '../forms.ts'
import { textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { ChangePage } from '../pages/model.ts'
import { toPasswordRejection } from '../problems.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import { queryOf } from '../request.ts'
import type { Followed } from '../service/service.ts'
import type { Verbs } from './flow.ts'
import { afterLogIn, logInByLink, logInPage } from './log-in.ts'

/** contract/web.md §8: a new password by the link of the mail. Looking at the page does not use the link up. */
export const change: Verbs = {
  async GET(exchange) {
    const token = queryOf(exchange.request, 'sptoken')
    if (!token) return withoutToken(exchange)
    const reset = await look(exchange, token)
    if (!reset) return badToken(exchange)
    return exchange.type === 'text/html' ? page(exchange, token, reset.login) : exchange.empty()
  },

  async POST(exchange) {
    let token: string | undefined
    try {
      const input = await exchange.input()
      token = textOf(input, 'sptoken') ?? queryOf(exchange.request, 'sptoken')
      if (!token) return withoutToken(exchange)
      if (!(await look(exchange, token))) return badToken(exchange)
      const password = requireText(input, 'password', message('field.newPassword'))
      const again = textOf(input, 'confirmPassword') ?? textOf(input, 'passwordAgain')
      if ((again !== undefined || input.kind === 'form') && again !== password) {
        throw new Rejection(message('problem.passwordMismatch'), { field: 'confirmPassword' })
      }
      await exchange.hook('prePasswordChange', { password })
      const followed = await set(exchange, token, password)
      if (!followed) return badToken(exchange)
      await exchange.hook('postPasswordChange', { account: followed.account })
      return await done(exchange, followed)
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html' || !token) throw error
      return page(exchange, token, undefined, error)
    }
  },
}

async function look({ parts }: Exchange, token: string): Promise<{ login: string | undefined } | undefined> {
  try {
    return await parts.service.checkPasswordReset(token)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** @returns undefined when the token was used up meanwhile */
async function set(exchange: Exchange, token: string, password: string): Promise<Followed | undefined> {
  const { parts, facts, source } = exchange
  try {
    const logIn = parts.settings.changePassword.autoLogin
    return await parts.service.resetPassword(token, password, { source, logIn })
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (error.status === 404) return undefined
    throw toPasswordRejection(error, facts)
  }
}

async function done(exchange: Exchange, followed: Followed): Promise<LightResponse> {
  const { changePassword, login } = exchange.parts.settings
  const isPage = exchange.type === 'text/html'
  // Whoever was logged in with the old password here is no longer.
  exchange.drop()
  try {
    if (await logInByLink(exchange, followed)) {
      return isPage
        ? exchange.redirect(afterLogIn(exchange, exchange.takeNext()))
        : exchange.json(200, { account: toPublicAccount(followed.account) })
    }
  } catch (error) {
    // The password is set, and its link used up; who is not let in all the same is told where one logs in.
    if (!(error instanceof Rejection) || !isPage) throw error
    return logInPage(exchange, error)
  }
  if (!isPage) return exchange.empty()
  return exchange.redirect(changePassword.nextUri ?? withParameter(exchange.ownWithKept(login.uri), 'status', 'reset'))
}

function withoutToken(exchange: Exchange): LightResponse {
  if (exchange.type === 'text/html') return exchange.redirect(exchange.own(exchange.parts.settings.forgotPassword.uri))
  return exchange.json(400, { status: 400, message: 'sptoken parameter not provided.' })
}

function badToken(exchange: Exchange): LightResponse {
  const { changePassword, forgotPassword } = exchange.parts.settings
  if (exchange.type === 'text/html') {
    const usual = withParameter(exchange.own(forgotPassword.uri), 'status', 'invalid_sptoken')
    return exchange.redirect(changePassword.errorUri ?? usual)
  }
  const { pages } = exchange.parts
  return exchange.json(404, { status: 404, message: pages.text(message('problem.linkInvalid'), exchange.locale) })
}

function page(exchange: Exchange, token: string, login?: string, rejection?: Rejection): Promise<LightResponse> {
  const { passwordLength } = exchange.facts
  const form = toForm(exchange, {
    action: exchange.parts.settings.changePassword.uri,
    fields: [ownFields.password, ownFields.confirmPassword],
    labels: { password: message('field.newPassword') },
    hidden: { sptoken: token },
    hints: { password: passwordLength && message('field.passwordHint', { min: passwordLength.min }) },
    rejection,
  })
  return exchange.page<ChangePage>({ page: 'change', form, login })
}
