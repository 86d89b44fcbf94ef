import { encryptSecret } from '../crypto/secret-encryption.ts'
import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { decodeBase64 } from '../std/base64url.ts'
import { type Call, flagOf, paramOf } from './call.ts'

/** How secrets are to be shown: in clear, or under a key derived from the secret of the key that asks. */
export type SecretParams = 'clear' | { salt: Uint8Array; iterations: number; keySizeBits: 128 | 192 | 256 }

const KEY_BITS = ['128', '192', '256']
const MAX_ITERATIONS = 65_536
const MAX_SALT_BYTES = 256

/**
 * The four parameters of contract/rest.md 12. Clients add them to requests that show no key at all, where they are
 * ignored: `shown` says whether this one does.
 *
 * @throws Problem queryValueMissing | queryValueInvalid | queryRepeated
 */
export function parseSecretParams(call: Pick<Call, 'params'>, shown: boolean): SecretParams {
  if (!shown || call.params.length === 0 || flagOf(call, 'encryptSecret') !== true) return 'clear'
  const salt = paramOf(call, 'encryptionKeySalt') ?? refuse('queryValueMissing', { parameter: 'encryptionKeySalt' })
  const size = paramOf(call, 'encryptionKeySize') ?? '128'
  if (!KEY_BITS.includes(size)) bad('encryptionKeySize', `must be one of ${KEY_BITS.join(', ')}`)
  return {
    salt: parseSalt(salt),
    keySizeBits: Number(size) as 128 | 192 | 256,
    iterations: parseIterations(paramOf(call, 'encryptionKeyIterations') ?? '1024'),
  }
}

/**
 * The secret of every key, as asked for. Encrypted, the password is the secret of the key that makes the request, so
 * that only its holder reads them (trap T9).
 */
export function revealApiKeys(
  call: Pick<Call, 'engine' | 'caller'>,
  keys: readonly Entity<'apiKey'>[],
  params: SecretParams,
): Promise<ReadonlyMap<string, string>[]> {
  return encryptSecrets(
    call,
    keys.map((key) => call.engine.secretOf(key)),
    params,
  )
}

/** Clear secrets as they are to be shown, each as the attribute `secret`. */
export async function encryptSecrets(
  { engine, caller }: Pick<Call, 'engine' | 'caller'>,
  secrets: readonly string[],
  params: SecretParams,
): Promise<ReadonlyMap<string, string>[]> {
  if (params === 'clear') return secrets.map(toRevealed)
  const password = engine.secretOf(caller.key)
  return (await Promise.all(secrets.map((secret) => encryptSecret(secret, { password, ...params })))).map(toRevealed)
}

function toRevealed(secret: string): ReadonlyMap<string, string> {
  return new Map([['secret', secret]])
}

/** Decoded exactly once: the salt of one client is itself a base64 text, and its bytes are the salt. */
function parseSalt(text: string): Uint8Array {
  // In a query string a plus may have come as a blank.
  const bytes = decodeBase64(text.replaceAll(' ', '+'))
  if (!bytes || bytes.length === 0 || bytes.length > MAX_SALT_BYTES) {
    return bad('encryptionKeySalt', `must be base64 of 1 to ${MAX_SALT_BYTES} bytes`)
  }
  return bytes
}

function parseIterations(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > MAX_ITERATIONS) bad('encryptionKeyIterations', `must be between 1 and ${MAX_ITERATIONS}`)
  return count
}

function bad(parameter: string, reason: string): never {
  return refuse('queryValueInvalid', { parameter, reason })
}
