import { isAway } from '../failures.ts'
import { errorFields } from '../log.ts'
import type { Verbs } from './flow.ts'

/** contract/web.md §6: by POST only, also without a session; a Bearer token ends too. */
export const logOut: Verbs = {
  async POST(exchange) {
    const { sessions, cookies, settings } = exchange.parts
    const { request } = exchange
    await exchange.input()
    const bearer = /^bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
    const auth = await exchange.auth().catch(() => undefined)
    await exchange.hook('preLogout', { user: auth?.user })
    const tokens = [cookies.refresh.read(request), cookies.access.read(request), bearer, auth?.accessToken]
    exchange.drop()
    try {
      await sessions.revoke([...new Set(tokens)].filter((token) => token !== undefined && token !== '') as string[])
    } catch (error) {
      // The browser has forgotten them; they end by themselves.
      const msg = 'tokens could not be revoked at log-out'
      settings.log({
        level: isAway(error) ? 'warn' : 'error',
        event: 'web.revocation_failed',
        msg,
        err: errorFields(error),
      })
    }
    await exchange.hook('postLogout', { user: auth?.user })
    if (exchange.type !== 'text/html') return exchange.empty()
    return exchange.redirect(exchange.next ?? settings.logout.nextUri ?? `${request.mount}/`)
  },
}
