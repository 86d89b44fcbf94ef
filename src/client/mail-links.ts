import type { Reference } from './reference.ts'
import type { CallOptions } from './transport.ts'

import type { Link, Resource } from './types/resource.ts'

/** Whom a mail is for, and where to look for the account. */
interface Search {
  /** Looks only there: a directory, group or organization mapped to the application, or an organization by nameKey. */
  accountStore?: Reference | { nameKey: string }
}

/** A token with which an account chooses a new password, once. */
export interface PasswordResetToken<C = {}> {
  /** Ends in the token. */
  readonly href: string
  readonly email: string
  readonly account: Link<'account', C>
}

/** Passwords that were forgotten: `application.passwordResetTokens`. (contract/rest.md §4.2) */
export interface PasswordResetTokens<C = {}> {
  readonly href: string
  /**
   * Mails the link on which the account chooses a new password. Never sent twice by itself.
   *
   * @throws {ApiError} 2016 for an address that has no account here: a page must not tell that
   * @example await application.passwordResetTokens.create({ email: 'ada@example.com' })
   */
  create(request: { email: string } & Search, options?: CallOptions): Promise<PasswordResetToken<C>>
  /** Looks at the token of a link and leaves it as it is. @throws {ApiError} 404 for one that is worth nothing */
  get(token: string, options?: CallOptions): Promise<PasswordResetToken<C>>
  /**
   * Sets the password and uses the token up; the account's sessions end. Resolves to the link of the account; with
   * `expand: ['account']`, to the account.
   *
   * @throws {ApiError} 404 for a token that is worth nothing; those of password rules, and then the token stays good
   */
  redeem<const E extends 'account' = never>(
    token: string,
    change: { password: string },
    options?: CallOptions & { expand?: readonly E[] },
  ): Promise<[E] extends [never] ? Link<'account', C> : Resource<'account', never, C>>
}

/** `application.verificationEmails` (contract/rest.md §4.3) */
export interface VerificationEmails {
  readonly href: string
  /**
   * Mails the link anew that verifies an address; an older one is void.
   *
   * @throws {ApiError} 2016 for a login without account here, which a page must not tell; 6101 where nothing is verified
   */
  send(request: { login: string } & Search, options?: CallOptions): Promise<void>
}

/** `client.emailVerificationTokens` (contract/rest.md §13.3) */
export interface EmailVerificationTokens<C = {}> {
  readonly href: string
  /** Verifies the address and enables the account that waited for it. @throws {ApiError} 404 for a used or unknown token */
  redeem(token: string, nothing?: {}, options?: CallOptions): Promise<Link<'account', C>>
}

/** What the links to actions do, by name. */
export interface ActionLinks<C> {
  passwordResetTokens: PasswordResetTokens<C>
  verificationEmails: VerificationEmails
}
