import { Problem } from '../schema/problems.ts'

/**
 * What an operator may want to hear of at once, beside the events that auditors read later. No names, no addresses: whom
 * it concerns is said by ids, or by a digest under a key of this process.
 */
export type Signal = { tenant: string; requestId: string } & (
  | { type: 'login'; outcome: LoginOutcome; application: string; account?: string; network?: string }
  /** An account's log-in is paused for callers it does not know. */
  | { type: 'loginPaused'; application: string; account: string; seconds: number }
  /** A limit refused something. */
  | { type: 'limited'; limit: string; application?: string; key?: string; network?: string }
  /** Far more log-ins fail at an application than people mistype. */
  | { type: 'attackSuspected'; application: string }
  /** A refresh token came back after it was replaced. */
  | { type: 'tokenReused'; application: string; account: string }
  /** An API key was refused because it is disabled, or something on its account's way to administering the tenant. */
  | { type: 'keyRefused'; key: string }
)

/** What a refusal is worth telling at once. */
export function signalOf(error: unknown, requestId: string): Signal | undefined {
  const key = Problem.is(error, 'unauthenticated') ? error.detail.key : undefined
  return key && { type: 'keyRefused', key: key.id, tenant: key.tenant, requestId }
}

export type LoginOutcome = 'ok' | 'wrongCredentials' | 'refused' | 'paused' | 'overloaded'

export type Listen = (signal: Signal) => void
