import type { LightResponse } from '../../std/exchange.ts'
import type { Auth } from '../auth.ts'
import { type Exchange, requireText } from '../exchange.ts'
import { isAway, isRefusal, isTooOften } from '../failures.ts'
import { ownFields, toForm } from '../forms.ts'
import { textOf } from '../input.ts'
import { message } from '../pages/messages/message.ts'
import type { PageUser, PasswordPage } from '../pages/model.ts'
import { toPasswordRejection } from '../problems.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { Account } from '../service/service.ts'
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
      const isLoggedIn = await change(exchange, auth)
      if (exchange.type !== 'text/html') return exchange.empty()
      const { profile, login } = exchange.parts.settings
      return exchange.redirect(
        isLoggedIn
          ? withParameter(exchange.own(profile.uri), 'status', 'passwordChanged')
          : withParameter(exchange.own(login.uri), 'status', 'reset'),
      )
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, auth, error)
    }
  },
}

/** @returns whether the user is logged in still */
async function change(exchange: Exchange, { user }: Auth): Promise<boolean> {
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
  const account = user.href
  await confirm(() => service.checkPassword({ account, password: oldPassword, source }))
  try {
    await service.updateAccount(account, { password })
  } catch (error) {
    if (isRefusal(error)) throw toPasswordRejection(error, exchange.facts)
    throw error
  }
  // The change has ended every session; this one goes on as a new one of its kind.
  const entered = await enterAgain(exchange, { account, password })
  await exchange.hook('postPasswordChange', { account: entered ?? { ...user } })
  return entered !== undefined
}

/**
 * The change is done and stays done: somebody who cannot be logged in now does it themselves, and is told of no failure.
 * @returns undefined when nobody is logged in
 */
async function enterAgain(
  exchange: Exchange,
  known: { account: string; password: string },
): Promise<Account | undefined> {
  const { service, sessions } = exchange.parts
  const remembered = sessions.isRemembered(exchange.request)
  const session = exchange.sessionTimes(remembered)
  try {
    const { account, tokens } = await service.logIn({ ...known, source: exchange.source, session })
    exchange.carry(tokens, remembered)
    return account
  } catch (error) {
    if (!isRefusal(error) && !isTooOften(error) && !isAway(error)) throw error
    exchange.drop()
    return undefined
  }
}

async function confirm(check: () => Promise<void>): Promise<void> {
  try {
    await check()
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
