import { Mistake } from '../../std/mistake.ts'
import type { FieldSettings } from './defaults.ts'

/** What a session is to last, in milliseconds; undefined for what the policy of the application says. */
export interface SessionLife {
  readonly lifetime: number | undefined
  readonly idle: number | undefined
}

/** How long sessions last. (decisions/0039) */
export interface SessionSettings {
  /** Users choose whether they are remembered: who does not is logged out when the browser closes. */
  readonly choice: boolean
  /** Of everybody, or with the choice of whom did not ask to be remembered. */
  readonly usual: SessionLife
  readonly remembered: SessionLife
}

interface Given {
  lifetime: number | string | undefined
  idle: number | string | undefined
}

/** What somebody who did not ask to be remembered gets, whose browser may never be closed. */
const aDay = 24 * 60 * 60_000
/** Shorter ones would end while a form is filled in. */
const shortest = 60_000

/** @throws Mistake */
export function sessionSettings(
  given: Given & { remembered: Given },
  loginFields: readonly FieldSettings[],
): SessionSettings {
  const choice = loginFields.some(({ name, enabled }) => name === 'rememberMe' && enabled)
  const usual = life(given, 'web.session')
  const remembered = life(given.remembered, 'web.session.remembered')
  if (!choice && (remembered.lifetime !== undefined || remembered.idle !== undefined)) {
    throw new Mistake(
      'web.session.remembered is set, but nobody can ask to be remembered',
      'web: { login: { form: { fields: { rememberMe: { enabled: true } } } } }',
    )
  }
  return { choice, usual: choice ? { ...usual, lifetime: usual.lifetime ?? aDay } : usual, remembered }
}

function life(given: Given, where: string): SessionLife {
  const read = (name: keyof Given) => {
    // durations are milliseconds once they are read
    const value = given[name] as number | undefined
    if (value === undefined || value >= shortest) return value
    throw new Mistake(`${where}.${name} is ${value / 1000} seconds, but must be a minute at least`, `${name}: 'PT30M'`)
  }
  return { lifetime: read('lifetime'), idle: read('idle') }
}
