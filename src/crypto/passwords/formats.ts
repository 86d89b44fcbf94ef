import { argon2id } from './argon2id.ts'
import { aspnetIdentity } from './aspnet-identity.ts'
import { bcrypt } from './bcrypt.ts'
import { djangoPbkdf2 } from './django-pbkdf2.ts'
import { firebaseScrypt } from './firebase-scrypt.ts'
import type { PasswordFormat } from './format.ts'
import { ldapSsha } from './ldap-ssha.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { scrypt } from './scrypt.ts'
import { stormpath1 } from './stormpath1.ts'
import { stormpath2 } from './stormpath2.ts'

/** Every format we can verify. All but argon2id are verified in worker threads, and hashed anew at the next sign-in. */
export const formats: readonly PasswordFormat[] = [
  argon2id,
  bcrypt,
  stormpath1,
  stormpath2,
  firebaseScrypt,
  scrypt,
  djangoPbkdf2,
  pbkdf2,
  aspnetIdentity,
  ldapSsha,
]

const maxLength = 1024

/** The format that a stored or imported text announces. */
export function formatOf(encoded: string): PasswordFormat | undefined {
  return encoded.length > maxLength ? undefined : formats.find((format) => format.claims(encoded))
}
