import type { LightResponse } from '../../std/exchange.ts'
import type { Exchange } from '../exchange.ts'
import { ownFields, toForm } from '../forms.ts'
import { textOf } from '../input.ts'
import type { ForgotPage } from '../pages/model.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { Verbs } from './flow.ts'
import { unrevealing } from './unrevealing.ts'

/** contract/web.md §7: the same answer whoever asks for whomever. */
export const forgot: Verbs = {
  getOnly: 'text/html',

  GET: (exchange) => page(exchange),

  async POST(exchange) {
    try {
      const input = await exchange.input()
      const email = textOf(input, 'email')
      const { parts, source } = exchange
      if (email) await unrevealing(() => parts.service.requestPasswordReset(email, { source }))
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, error)
    }
    if (exchange.type !== 'text/html') return exchange.empty()
    exchange.keepNext()
    const { forgotPassword, login } = exchange.parts.settings
    const usual = withParameter(exchange.own(login.uri), 'status', 'forgot')
    return exchange.redirect(forgotPassword.nextUri ?? usual)
  },
}

function page(exchange: Exchange, rejection?: Rejection): Promise<LightResponse> {
  const { forgotPassword } = exchange.parts.settings
  const form = toForm(exchange, { action: forgotPassword.uri, fields: [ownFields.email], rejection })
  return exchange.page<ForgotPage>({ page: 'forgot', form })
}
