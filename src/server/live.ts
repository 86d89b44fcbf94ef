import { parseTrustedProxies, type TrustedProxies } from '../std/network.ts'
import { effectiveValues, type Settings } from './config.ts'
import type { LogLevel } from './log.ts'
import { type OptionName, optionNames } from './options.ts'

/** What a running service takes over without a restart; read whenever it is needed. */
export interface Live {
  logLevel: LogLevel
  trustedProxies: TrustedProxies | undefined
  /** Requests a minute; 0 for any number, undefined for the usual. */
  perKey: number | undefined
  perAddress: number | undefined
}

const taken = new Set<OptionName>(['logLevel', 'trustedProxies', 'limits.perKey', 'limits.perAddress'])

export function toLive({ logLevel = 'info', trustedProxies, limits }: Settings): Live {
  return { logLevel, trustedProxies: parseTrustedProxies(trustedProxies), ...limits }
}

/** Names of settings that differ: those that were taken over, and those that wait for the next start. */
export interface Reload {
  taken: OptionName[]
  waiting: OptionName[]
}

/** Takes over what can be. */
export function reload(live: Live, before: Settings, now: Settings): Reload {
  const [old, fresh] = [effectiveValues(before), effectiveValues(now)]
  const changed = optionNames.filter((name) => old[name] !== fresh[name])
  Object.assign(live, toLive(now))
  return { taken: changed.filter((name) => taken.has(name)), waiting: changed.filter((name) => !taken.has(name)) }
}
