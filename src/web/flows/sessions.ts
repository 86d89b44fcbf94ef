import { requireText } from '../exchange.ts'
import { withParameter } from '../redirects.ts'
import { Rejection } from '../rejection.ts'
import type { Verbs } from './flow.ts'
import { challenge } from './refuse.ts'

/** Where one is logged in, and an end to it: `session=<id>`, or `session=others`. (W61) */
export const sessions: Verbs = {
  async GET(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    const { service, settings } = exchange.parts
    if (exchange.type === 'text/html') return exchange.redirect(exchange.own(settings.profile.uri))
    const list = await service.sessions(auth.user.href)
    return exchange.json(200, { sessions: list.map((each) => ({ ...each, current: each.id === auth.session })) })
  },

  async POST(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    const { service, settings, feed } = exchange.parts
    const wanted = requireText(await exchange.input(), 'session', 'session')
    const list = await service.sessions(auth.user.href)
    // Of the user's own only: an id of somebody else's is unknown.
    const ending = list.filter(({ id }) => (wanted === 'others' ? id !== auth.session : id === wanted))
    if (wanted !== 'others' && ending.length === 0) throw new Rejection('There is no such session.', { status: 404 })
    for (const { id } of ending) await service.endSession(id)
    await feed.catchUp()
    if (ending.some(({ id }) => id === auth.session)) exchange.drop()
    if (exchange.type !== 'text/html') return exchange.empty()
    const status = wanted === 'others' ? 'sessionsEnded' : 'sessionEnded'
    return exchange.redirect(withParameter(exchange.own(settings.profile.uri), 'status', status))
  },
}
