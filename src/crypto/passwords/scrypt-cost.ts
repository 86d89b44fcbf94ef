import type { Refusal } from './format.ts'

/** Cost of scrypt: memory is 128·N·r bytes, work is p times that. */
export interface ScryptCost {
  N: number
  r: number
  p: number
  /** Node refuses what needs more than this many bytes, 32 MiB unless told. */
  maxmem: number
}

// OWASP's strongest, N = 2^17 and r = 8, fills the first; about a second fills the second.
const maxMemory = 128 * 1024 * 1024
const maxWork = 2 * maxMemory

/** Checks parameters as formats write them, `ln` being the binary logarithm of N. */
export function scryptCost({ ln, r, p }: { ln: number; r: number; p: number }): ScryptCost | Refusal {
  if (ln < 1 || r < 1 || p < 1) return 'invalid'
  const memory = 128 * 2 ** ln * r
  if (memory > maxMemory || memory * p > maxWork) return 'unsupported'
  return { N: 2 ** ln, r, p, maxmem: 2 * maxMemory }
}
