import { sameSecret, sha256 } from '../../crypto/compare.ts'
import type { Entity } from '../../resources/registry.ts'
import { encodeBase64url } from '../../std/base64url.ts'
import { isId } from '../../std/id.ts'
import type { Work } from '../context.ts'
import type { Reader } from '../ports.ts'

/** The two kinds share nothing: a token of one is worth nothing as the other. */
export type LinkTokenKind = 'passwordReset' | 'emailVerification'

/** A token taken apart; nothing of it is proved. */
export interface LinkToken {
  tenant: string
  account: string
  secret: string
}

interface Payload {
  digest: string
  application: string | null
  /** What the token is bound to: it is void when the account has another address by then, or another password. */
  email: string
  password?: string
}

/** Joins the transaction in which a link is used up. `application`: the one through which its mail was asked for. */
export type LinkUsed = (work: Work, account: Entity<'account'>, application: string | null) => Promise<void>

/**
 * A token for the holder of a mailbox: tenant, account and 256 random bits, joined by dots. Only the digest of the secret is
 * kept, under the account: a newer token of the kind voids the older one.
 */
export async function issueLinkToken(
  work: Work,
  kind: LinkTokenKind,
  account: Entity<'account'>,
  { application, expiresAt }: { application: string | undefined; expiresAt: number },
): Promise<string> {
  const secret = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const payload: Payload = {
    digest: sha256(secret),
    application: application ?? null,
    email: account.email,
    ...(kind === 'passwordReset' && { password: sha256(account.password) }),
  }
  await work.tx.issue(account.tenant, kind, account.id, JSON.stringify(payload), expiresAt)
  return `${account.tenant}.${account.id}.${secret}`
}

export function parseLinkToken(token: string): LinkToken | undefined {
  const [tenant = '', account = '', secret = '', ...more] = token.split('.')
  if (more.length > 0 || !isId(tenant) || !isId(account) || !/^[\w-]{43}$/.test(secret)) return undefined
  return { tenant, account, secret }
}

/**
 * What a token was issued for, where it is good for this account as it is; undefined otherwise. Looking does not use it up,
 * and promises nothing.
 */
export async function peekLinkToken(
  reader: Pick<Reader, 'peek'>,
  kind: LinkTokenKind,
  token: LinkToken,
  account: Entity<'account'>,
  now: number,
  application?: string,
): Promise<Pick<Payload, 'application'> | undefined> {
  return read(await reader.peek(token.tenant, kind, token.account, now), token, account, application)
}

/**
 * Uses a token up, and tells what it was issued for. Undefined when it is worth nothing: the transaction must then be given
 * up, since the token of the account is gone in it, whatever secret was shown.
 */
export async function consumeLinkToken(
  work: Work,
  kind: LinkTokenKind,
  token: LinkToken,
  account: Entity<'account'>,
  application?: string,
): Promise<Pick<Payload, 'application'> | undefined> {
  return read(await work.tx.consume(token.tenant, kind, token.account, work.now), token, account, application)
}

function read(
  payload: string | undefined,
  { secret }: LinkToken,
  { email, password }: Entity<'account'>,
  application: string | undefined,
): Payload | undefined {
  if (payload === undefined) return undefined
  const issued = JSON.parse(payload) as Payload
  const good =
    sameSecret(sha256(secret), issued.digest) &&
    issued.email === email &&
    (issued.password === undefined || issued.password === sha256(password)) &&
    (application === undefined || issued.application === application)
  return good ? issued : undefined
}
