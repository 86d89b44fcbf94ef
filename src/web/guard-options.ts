import { Mistake } from '../std/mistake.ts'
import { suggest } from '../std/suggest.ts'

export interface GuardOptions {
  /**
   * Whether the service is asked about each token, whatever it costs: a revocation holds for the next request. `false`: it is
   * not, though the application says so (`web.validation`), and a revocation takes up to `web.revocationDelay`.
   */
  remote?: boolean | undefined
}

/**
 * The options of a guard as they were given: a guard that misread them would let people in.
 *
 * @param guard - its name, for the message
 * @param flags - what it understands, each true or false
 * @throws Mistake for anything else
 */
export function readGuardOptions<const N extends string>(
  guard: string,
  given: unknown,
  flags: readonly N[],
): { [K in N]?: boolean | undefined } {
  if (given === undefined) return {}
  const example = `auth.${guard}({ ${flags[0]}: true })`
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Mistake(
      `auth.${guard}() takes an object of options, not ${JSON.stringify(given) ?? typeof given}`,
      example,
    )
  }
  for (const [name, value] of Object.entries(given)) {
    if (!flags.includes(name as N)) {
      const near = suggest(name, flags)
      const known = near ? `did you mean ${near}?` : `the options there are: ${flags.join(', ')}`
      throw new Mistake(`unknown option ${name} of auth.${guard}()`, known)
    }
    if (value !== undefined && typeof value !== 'boolean') {
      throw new Mistake(`${name} of auth.${guard}() is ${JSON.stringify(value)}, but must be true or false`, example)
    }
  }
  return given
}

/** Names of groups as a guard was given them. @throws Mistake where there are none: everybody would be let in */
export function readGroupNames(names: unknown): string[] {
  const list = typeof names === 'string' ? [names] : Array.isArray(names) ? names : []
  if (list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')) return [...list]
  throw new Mistake(
    `auth.groupsRequired() takes names or addresses of groups, not ${JSON.stringify(names) ?? typeof names}`,
    "auth.groupsRequired(['admins'])",
  )
}
