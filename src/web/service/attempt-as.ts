import type { Client } from '../../client/client.ts'
import { ApiError, isApiError } from '../../client/errors.ts'
import type { LoginAttempt } from '../../client/login-attempt.ts'
import type { LogInAs } from './service.ts'

const notMapped = 5114
const wrong = { status: 400, code: 7100, message: 'Invalid username or password.' }

/**
 * Attempts to log in as one account. Other stores may have accounts of the same login, which come first: it is looked for
 * where it lives, and nobody else's password is taken for its own.
 *
 * @throws ApiError as a log-in is refused; 7100 where the login leads to another account
 */
export async function attemptAs<T extends { readonly account: { readonly href: string } } | { readonly href: string }>(
  client: Client,
  { account: href, password, organization }: LogInAs,
  attempt: (attempt: LoginAttempt) => Promise<T>,
): Promise<T> {
  const { email: login, directory } = await client.accounts.get(href)
  const accountStore = organization === undefined ? directory : { nameKey: organization }
  const found = await attempt({ login, password, accountStore }).catch((error: unknown) => {
    // Its directory is none of the application's stores where a group of it is one.
    if (organization === undefined && isApiError(error, notMapped)) return attempt({ login, password })
    throw error
  })
  const { href: foundHref } = 'account' in found ? found.account : found
  if (foundHref === href) return found
  const developerMessage = 'The login leads to another account.'
  throw new ApiError({ method: 'POST', url: href }, { ...wrong, developerMessage })
}
