import type { LightResponse } from '../../std/exchange.ts'
import type { Auth } from '../auth.ts'
import { type Exchange, requireText } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { ownFields, toForm } from '../forms.ts'
import { textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { PageUser, PasswordPage } from '../pages/model.ts'
import { toPasswordRejection } from '../problems.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { Verbs } from './flow.ts'
import { challenge } from './refuse.ts'

/** Who is logged in changes the password with the old one; all other sessions end. (W72) */
export const password: Verbs = {
  async GET(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    return exchange.type === 'text/html' ? page(exchange, auth) : exchange.empty()
  },

  async POST(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    try {
      await change(exchange, auth)
      if (exchange.type !== 'text/html') return exchange.empty()
      const { profile } = exchange.parts.settings
      return exchange.redirect(withParameter(exchange.own(profile.uri), 'status', 'passwordChanged'))
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, auth, error)
    }
  },
}

async function change(exchange: Exchange, { user }: Auth): Promise<void> {
  const { service } = exchange.parts
  const input = await exchange.input()
  const oldPassword = requireText(input, 'oldPassword', message('field.oldPassword'))
  const password = requireText(input, 'password', message('field.newPassword'))
  const again = textOf(input, 'confirmPassword')
  if ((again !== undefined || input.kind === 'form') && again !== password) {
    throw new Rejection(message('problem.passwordMismatch'), { field: 'confirmPassword' })
  }
  await exchange.hook('prePasswordChange', { password })
  const { source } = exchange
  const login = user.username || user.email
  await confirm(exchange, () => service.logIn({ login, password: oldPassword, source }))
  try {
    await service.updateAccount(user.href, { password })
  } catch (error) {
    if (isRefusal(error)) throw toPasswordRejection(error, exchange.facts)
    throw error
  }
  // The change has ended every session; this one goes on as a new one of its kind.
  const remembered = exchange.parts.sessions.isRemembered(exchange.request)
  const session = exchange.sessionTimes(remembered)
  const { account, tokens } = await service.logIn({ login, password, source, session })
  exchange.carry(tokens, remembered)
  await exchange.hook('postPasswordChange', { account })
}

async function confirm(exchange: Exchange, check: () => Promise<{ tokens: { accessToken: string } }>): Promise<void> {
  try {
    const { tokens } = await check()
    await exchange.parts.service.revoke(tokens.accessToken)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new Rejection(message('problem.oldPasswordWrong'), { field: 'oldPassword' })
  }
}

function page(exchange: Exchange, { user }: Auth, rejection?: Rejection): Promise<LightResponse> {
  const { passwordLength } = exchange.facts
  const form = toForm(exchange, {
    action: exchange.parts.settings.password.uri,
    fields: [ownFields.oldPassword, ownFields.password, ownFields.confirmPassword],
    labels: { password: message('field.newPassword') },
    hints: { password: passwordLength && message('field.passwordHint', { min: passwordLength.min }) },
    rejection,
  })
  return exchange.page<PasswordPage>({ page: 'password', form, user: user as PageUser })
}
