import { change } from './flows/change.ts'
import type { Verbs } from './flows/flow.ts'
import { forgot } from './flows/forgot.ts'
import { logIn } from './flows/log-in.ts'
import { logOut } from './flows/log-out.ts'
import { me } from './flows/me.ts'
import { revoke, token } from './flows/oauth.ts'
import { password } from './flows/password.ts'
import { profile } from './flows/profile.ts'
import { register } from './flows/register.ts'
import { sessions } from './flows/sessions.ts'
import { verify } from './flows/verify.ts'
import type { Settings } from './options/settings.ts'
import type { Facts } from './service/service.ts'

/** One route: its path below the mount, what it does, and whether it is on. */
export interface Route {
  readonly name: string
  readonly verbs: Verbs
  /** Undefined where the service has to be asked. */
  readonly enabled: boolean | undefined
  /** What the service says, where the developer does not. */
  isOn(facts: Facts): boolean
}

const always = () => true
const withReset = (facts: Facts) => facts.passwordReset
const withVerification = (facts: Facts) => facts.emailVerification

/** The routes by their paths. (contract/web.md §1) */
export function routesOf(settings: Settings): ReadonlyMap<string, Route> {
  const { register: registering, login, logout, forgotPassword, changePassword, verifyEmail, oauth2 } = settings
  const routes: [string, Route][] = [
    [registering.uri, { name: 'register', verbs: register, enabled: registering.enabled, isOn: always }],
    [login.uri, { name: 'login', verbs: logIn, enabled: login.enabled, isOn: always }],
    [logout.uri, { name: 'logout', verbs: logOut, enabled: logout.enabled, isOn: always }],
    [forgotPassword.uri, { name: 'forgot', verbs: forgot, enabled: forgotPassword.enabled, isOn: withReset }],
    [changePassword.uri, { name: 'change', verbs: change, enabled: changePassword.enabled, isOn: withReset }],
    [verifyEmail.uri, { name: 'verify', verbs: verify, enabled: verifyEmail.enabled, isOn: withVerification }],
    [settings.me.uri, { name: 'me', verbs: me, enabled: settings.me.enabled, isOn: always }],
    [settings.profile.uri, { name: 'profile', verbs: profile, enabled: settings.profile.enabled, isOn: always }],
    [settings.password.uri, { name: 'password', verbs: password, enabled: settings.password.enabled, isOn: always }],
    [settings.sessions.uri, { name: 'sessions', verbs: sessions, enabled: settings.sessions.enabled, isOn: always }],
    [oauth2.uri, { name: 'token', verbs: token, enabled: oauth2.enabled, isOn: always }],
    [oauth2.revokeUri, { name: 'revoke', verbs: revoke, enabled: oauth2.enabled, isOn: always }],
  ]
  return new Map(routes.filter(([, { enabled }]) => enabled !== false))
}
