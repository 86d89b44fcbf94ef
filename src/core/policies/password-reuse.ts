import type { Passwords } from '../../crypto/passwords/passwords.ts'
import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'

type Remembered = Pick<Entity<'account'>, 'password' | 'passwordHistory'>
type Rules = Pick<Entity<'passwordStrength'>, 'preventReuse'>

/**
 * Refuses a password that is among the last `preventReuse` ones, the present one included (contract/rest.md 6.10).
 * Costs one verification for each of them.
 * @throws Problem passwordReused
 */
export async function checkPasswordReuse(
  passwords: Pick<Passwords, 'verify'>,
  password: string,
  account: Remembered,
  { preventReuse }: Rules,
): Promise<void> {
  for (const hash of [account.password, ...account.passwordHistory].slice(0, preventReuse)) {
    if (await passwords.verify(password, hash)) refuse('passwordReused', { last: preventReuse })
  }
}

/** What is kept of the earlier passwords once a new one takes the place of the present one: no more than the rules need. */
export function nextPasswordHistory(account: Remembered, { preventReuse }: Rules): string[] {
  return [account.password, ...account.passwordHistory].slice(0, Math.max(preventReuse - 1, 0))
}
