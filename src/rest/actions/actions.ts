import type { Registry } from '../../resources/registry.ts'
import type { LightResponse } from '../../std/exchange.ts'
import type { Call } from '../call.ts'
import { loginAttempts } from './login-attempts.ts'

/** Names of all links that are actions. */
type ActionName = {
  [N in keyof Registry]: {
    [L in keyof Registry[N]['links']]: Registry[N]['links'][L] extends { kind: 'action' } ? L : never
  }[keyof Registry[N]['links']]
}[keyof Registry]

/** What each action endpoint does. */
export const actions = { loginAttempts } satisfies Record<ActionName, (call: Call) => Promise<LightResponse>>
