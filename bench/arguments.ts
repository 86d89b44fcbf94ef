import { parseArgs } from 'node:util'
import type { Flags, StoreName } from './claim.ts'

export interface Arguments {
  /** Upper-case ids; all claims when empty. */
  claims: string[]
  quick: boolean
  stores: StoreName[]
  flags: Flags
}

/** @throws Error that says what is wrong */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      accounts: { type: 'string', default: '1000000' },
      store: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const { quick, large, store, profile } = values
  const accounts = Number(values.accounts)
  if (!(accounts > 100_000)) throw new Error(`--accounts is a number above 100000, not ${values.accounts}`)
  if (store !== undefined && store !== 'sqlite' && store !== 'postgres') {
    throw new Error(`--store is sqlite or postgres, not ${store}`)
  }
  return {
    claims: positionals.map((id) => id.toUpperCase()),
    quick,
    stores: store ? [store] : ['sqlite', 'postgres'],
    flags: { large, accounts, profile },
  }
}
