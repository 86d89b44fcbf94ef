import { hash } from 'node:crypto'
import type { BreachedPasswords } from '../core/policies/new-password.ts'

export interface PwnedPasswordsOptions {
  /** Where ranges are asked for, as `https://api.pwnedpasswords.com/range`; a mirror answers alike. */
  url: string
  /** Hears why nobody could be asked. */
  onFailure: (error: unknown) => void
  /** Milliseconds for the whole answer. */
  timeout?: number
}

/** A padded answer has some 1,000 lines of 40 bytes. */
const MOST_BYTES = 1024 * 1024

/**
 * Asks the Pwned Passwords range protocol: the first five hexadecimal digits of the password's SHA-1 leave the service,
 * and nothing else (https://haveibeenpwned.com/API/v3#PwnedPasswords). `Add-Padding` hides from onlookers which range it
 * was. A server that fails, or is too slow, lets every password pass.
 */
export function createPwnedPasswords({ url, onFailure, timeout = 2_000 }: PwnedPasswordsOptions): BreachedPasswords {
  const base = url.replace(/\/+$/, '')
  return {
    async includes(password) {
      const digest = hash('sha1', password).toUpperCase()
      try {
        return holds(await fetchRange(`${base}/${digest.slice(0, 5)}`, timeout), digest.slice(5))
      } catch (error) {
        onFailure(error)
        return false
      }
    },
  }
}

async function fetchRange(url: string, timeout: number): Promise<string> {
  const response = await fetch(url, {
    headers: { 'Add-Padding': 'true', 'User-Agent': 'latchkey' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** Lines are `SUFFIX:COUNT`; padding has a count of 0. */
function holds(range: string, suffix: string): boolean {
  return range.split(/\r?\n/).some((line) => {
    const [each = '', count = ''] = line.trim().split(':')
    return each.toUpperCase() === suffix && Number(count) > 0
  })
}
