import type { LightResponse } from '../../std/exchange.ts'
import { toPublicAccount } from '../account.ts'
import type { Auth } from '../auth.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal } from '../failures.ts'
import { labelsOf, toForm, toViewModel } from '../forms.ts'
import type { PageUser, ProfilePage } from '../pages/model.ts'
import { toAccountRejection } from '../problems.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { User, UserChanges } from '../user.ts'
import type { Verbs } from './flow.ts'
import { challenge } from './refuse.ts'
import { readRegistration } from './registration.ts'

/** Users change what is known of them. (W79) */
export const profile: Verbs = {
  async GET(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    if (exchange.type === 'application/json') {
      return exchange.json(200, {
        ...toViewModel(exchange, form(exchange, auth.user)),
        account: toPublicAccount(auth.user),
      })
    }
    return page(exchange, auth)
  },

  async POST(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    try {
      const { fields } = exchange.parts.settings.profile
      const input = await exchange.input(fields)
      const { account } = readRegistration(input.fields, fields)
      const user = await save(exchange, auth, clearing(exchange, input.fields, account))
      if (exchange.type !== 'text/html') return exchange.json(200, { account: toPublicAccount(user) })
      return exchange.redirect(withParameter(exchange.own(exchange.parts.settings.profile.uri), 'status', 'saved'))
    } catch (error) {
      if (!(error instanceof Rejection) || exchange.type !== 'text/html') throw error
      return page(exchange, auth, error)
    }
  },
}

/** A field that comes back empty empties the attribute. */
function clearing(exchange: Exchange, given: Readonly<Record<string, unknown>>, account: Record<string, unknown>) {
  const emptied = exchange.parts.settings.profile.fields.filter(
    ({ name, enabled }) => enabled && name !== 'username' && (given[name] === '' || given[name] === null),
  )
  return { ...account, ...Object.fromEntries(emptied.map(({ name }) => [name, null])) } as UserChanges
}

async function save({ parts, facts }: Exchange, { user }: Auth, changes: UserChanges): Promise<User> {
  try {
    return await user.update(changes)
  } catch (error) {
    if (isRefusal(error)) throw toAccountRejection(error, facts, labelsOf(parts.settings.profile.fields))
    throw error
  }
}

function form(exchange: Exchange, user: User, rejection?: Rejection) {
  const { uri, fields } = exchange.parts.settings.profile
  return toForm(exchange, { action: uri, fields, rejection, values: { ...user.customData, ...user } })
}

async function page(exchange: Exchange, auth: Auth, rejection?: Rejection): Promise<LightResponse> {
  const { service, settings } = exchange.parts
  const list = settings.sessions.enabled ? await service.sessions(auth.user.href) : undefined
  return exchange.page<ProfilePage>({
    page: 'profile',
    user: auth.user as PageUser,
    form: form(exchange, auth.user, rejection),
    sessions: list && {
      action: exchange.own(settings.sessions.uri, false),
      list: list.map((session) => ({ ...session, current: session.id === auth.session })),
    },
  })
}
