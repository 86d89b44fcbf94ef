import type { Registry } from '../../resources/registry.ts'
import type { LightResponse } from '../../std/exchange.ts'
import type { Call } from '../call.ts'
import { loginAttempts } from './login-attempts.ts'
import { passwordResetTokens, readPasswordResetToken, usePasswordResetToken } from './password-reset-tokens.ts'
import { verificationEmails } from './verification-emails.ts'
import { emailVerificationToken } from './verification-tokens.ts'
import { replays, retries, secretRotations } from './webhooks.ts'

/** Names of all links of a kind. */
type LinkName<Kind extends string> = {
  [N in keyof Registry]: {
    [L in keyof Registry[N]['links']]: Registry[N]['links'][L] extends { kind: Kind } ? L : never
  }[keyof Registry[N]['links']]
}[keyof Registry]

type Act = (call: Call) => Promise<LightResponse>

/** What each action endpoint does. */
export const actions = {
  loginAttempts,
  passwordResetTokens,
  verificationEmails,
  secretRotations,
  replays,
  retries,
} satisfies Record<LinkName<'action'>, Act>

/** What is done with the tokens that an action made. */
export const tokenActions = {
  passwordResetTokens: { read: readPasswordResetToken, use: usePasswordResetToken },
} satisfies Partial<Record<LinkName<'action'>, { read: Act; use: Act }>>

/** What a POST to an address that ends in a secret does. */
export const secretActions = { emailVerificationToken } satisfies Record<LinkName<'secret'>, Act>
