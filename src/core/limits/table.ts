import type { Rule } from './rule.ts'

/** What is limited. A log-in counts when it failed, everything else when it is asked for. */
export type Limited = 'request' | 'logIn' | 'passwordReset' | 'verification' | 'registration' | 'registrationNotice'

/**
 * By what it is counted: the name as somebody typed it into an application, whether or not there is such an account; the
 * account behind any of its names; the network (/24 or /64) that the application says its user is in; all of an
 * application's users together of whom it does not say that; the application; the API key of the request.
 */
export type Counted = 'name' | 'account' | 'network' | 'nowhere' | 'application' | 'key'

/** The limits of a preset. Several rules of one kind all hold; none means no limit. */
export type LimitTable = Readonly<Record<Limited, Readonly<Partial<Record<Counted, readonly Rule[]>>>>>

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const lockout = { first: MINUTE, longest: 15 * MINUTE }
/** For whoever guesses so slowly that the other rule never pauses. */
const slowGuesses = { burst: 50, per: DAY, pause: { first: 15 * MINUTE, longest: 15 * MINUTE } }

/** Of mails to one address. (security/goals.md I3) */
const name = [
  { burst: 3, per: 15 * MINUTE },
  { burst: 10, per: DAY },
]

/** security/goals.md I3 and G9. */
const mail = {
  name,
  network: [{ burst: 30, per: HOUR, inMemory: true }],
  application: [{ burst: 3000, per: HOUR }],
} as const satisfies LimitTable[Limited]

/** Requests of one address, whoever they may be of: before anybody knows. As many as an application makes at most. */
export const addressBudget: Rule = { burst: 60_000, per: MINUTE, inMemory: true }

export const modernLimits: LimitTable = {
  request: { key: [{ burst: 60_000, per: MINUTE, inMemory: true }] },
  logIn: {
    name: [{ burst: 10, per: 15 * MINUTE, pause: lockout }, slowGuesses],
    // Above what one name may fail, so that the names of an account cannot be told to be of one account by a few tries.
    account: [{ burst: 30, per: 15 * MINUTE, pause: lockout }],
    network: [{ burst: 100, per: 15 * MINUTE, inMemory: true }],
    // Of many users, whom one of them must not lock out easily.
    nowhere: [{ burst: 10_000, per: 15 * MINUTE, inMemory: true }],
    application: [{ burst: 1000, per: 5 * MINUTE, pause: { first: HOUR, longest: HOUR }, inMemory: true, alarm: true }],
  },
  passwordReset: mail,
  verification: mail,
  registration: {
    network: [{ burst: 20, per: HOUR, inMemory: true }],
    nowhere: [{ burst: 3000, per: HOUR, inMemory: true }],
  },
  // To the owner of an address with which others try to register.
  registrationNotice: { name },
}

/** The old service published no limits (contract/rest.md 1.14). */
export const noLimits: LimitTable = {
  request: {},
  logIn: {},
  passwordReset: {},
  verification: {},
  registration: {},
  registrationNotice: {},
}
