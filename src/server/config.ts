import type { Mailbox } from '../core/ports.ts'
import type { Preset } from '../core/presets.ts'
import { isLoopback } from '../std/own-machine.ts'
import type { LogLevel } from './log.ts'
import { Mistake } from './mistake.ts'
import {
  environmentName,
  flagName,
  type Option,
  type OptionName,
  type OptionValues,
  optionNames,
  options,
} from './options.ts'
import type { Source } from './sources.ts'

/** Everything the service was told or takes as its default. */
export interface Settings {
  host: string
  port: number
  maxConnections: number
  managementHost: string
  /** 0 for none. */
  managementPort: number
  /** Whether it was asked for, so that it is a mistake when it cannot be had. */
  managementWanted: boolean
  trustedProxies: readonly string[]
  /** Undefined where it follows from the position: one line per request in a service, warnings inside of an application. */
  logLevel: LogLevel | undefined
  data: string
  database: string | undefined
  redis: string | undefined
  /** Requests a minute; 0 for any number, undefined for what the preset of the tenant says. */
  limits: { perKey: number | undefined; perAddress: number | undefined }
  /** Undefined where it follows from host and port: in development. */
  baseUrl: string | undefined
  /** Undefined where it follows from the base URL. */
  appsDomain: string | undefined
  preset: Preset
  ownerEmail: string
  autoMigrate: boolean
  pgbouncer: boolean
  allowUndurable: boolean
  secretKey: string | undefined
  apiKey: { id: string; secret: string } | undefined
  breachedPasswords: string
  /** Undefined where nothing was said: the inbox in development, elsewhere no mail is sent. */
  mail: { url: string | undefined; from: Mailbox | undefined; allowPrivateServers: boolean }
  webhooks: { allowPrivateTargets: boolean }
  /** In milliseconds; 0: events are kept for always. */
  audit: { retention: number }
  providers: { url: string | undefined; allowPrivateServers: boolean }
  /** In milliseconds. */
  drainDelay: number
  drainTimeout: number
  startTimeout: number
  /** Reached from this machine only: nothing needs to be set, and nothing but local requests is answered. */
  development: boolean
  /** In production, or on the open web: secrets must be given, none are made. */
  exposed: boolean
  /** Weaknesses to tell the operator at every start. */
  warnings: readonly string[]
}

const defaults = {
  host: '127.0.0.1',
  port: 4000,
  maxConnections: 10_000,
  managementHost: '127.0.0.1',
  managementPort: 9091,
  data: '.latchkey',
  preset: 'modern',
  ownerEmail: 'owner@example.com',
  breachedPasswords: 'https://api.pwnedpasswords.com/range',
  auditRetention: 400 * 86_400_000,
  drainDelay: 5_000,
  drainTimeout: 30_000,
  startTimeout: 60_000,
} as const

export interface Facts {
  /** `NODE_ENV` is `production`. */
  production: boolean
}

/**
 * Settings out of their sources, the strongest first.
 * @throws Mistake when a value does not fit, or values do not fit together
 */
export function resolveSettings(sources: readonly Source[], facts: Facts): Settings {
  const values = parseAll(sources)
  const host = values.host ?? defaults.host
  const baseUrl = values.baseUrl
  const exposed = facts.production || baseUrl?.startsWith('https:') === true
  return {
    host,
    port: values.port ?? defaults.port,
    maxConnections: values.maxConnections ?? defaults.maxConnections,
    managementHost: values.managementHost ?? defaults.managementHost,
    managementPort: values.managementPort ?? defaults.managementPort,
    managementWanted: exposed || values.managementPort !== undefined,
    trustedProxies: values.trustedProxies ?? [],
    logLevel: values.logLevel,
    data: values.data ?? defaults.data,
    database: values.database,
    redis: values.redis,
    limits: { perKey: values['limits.perKey'], perAddress: values['limits.perAddress'] },
    baseUrl,
    appsDomain: values.appsDomain,
    preset: values.preset ?? defaults.preset,
    ownerEmail: values.ownerEmail ?? defaults.ownerEmail,
    autoMigrate: values.autoMigrate ?? false,
    pgbouncer: values.pgbouncer ?? false,
    allowUndurable: values.allowUndurable ?? false,
    secretKey: values.secretKey,
    apiKey: pair(values['apiKey.id'], values['apiKey.secret']),
    breachedPasswords: values.breachedPasswords ?? defaults.breachedPasswords,
    mail: {
      url: values['mail.url'],
      from: values['mail.from'],
      allowPrivateServers: values['mail.allowPrivateServers'] ?? !exposed,
    },
    webhooks: { allowPrivateTargets: values['webhooks.allowPrivateTargets'] ?? !exposed },
    audit: { retention: values['audit.retention'] ?? defaults.auditRetention },
    providers: {
      url: values['providers.url']?.replace(/\/+$/, ''),
      allowPrivateServers: values['providers.allowPrivateServers'] ?? !exposed,
    },
    drainDelay: values.drainDelay ?? (exposed ? defaults.drainDelay : 0),
    drainTimeout: values.drainTimeout ?? defaults.drainTimeout,
    startTimeout: values.startTimeout ?? defaults.startTimeout,
    development: !baseUrl,
    exposed,
    warnings: warnings(sources, values),
  }
}

/**
 * Wanted before anything is served.
 * @param inside - in the process of an application, which has no command line of ours
 * @throws Mistake when others can reach the service and nothing says under which address
 */
export function requireBaseUrl({ host, baseUrl, exposed }: Settings, inside = false): void {
  if (baseUrl !== undefined) return
  if (inside && exposed) {
    const { example } = options.baseUrl
    throw new Mistake(
      'baseUrl is not set, and NODE_ENV is production',
      `baseUrl: '${example}' in the options, or export ${environmentName('baseUrl')}=${example}`,
    )
  }
  if (!isLoopback(host)) {
    throw missingBaseUrl(`host ${host} can be reached from other machines`, `${flagName('host')} ${host} `)
  }
  if (exposed) throw missingBaseUrl('NODE_ENV is production')
}

/** What holds for each option, under its own name; durations in milliseconds. */
export function effectiveValues({
  apiKey,
  trustedProxies,
  mail,
  limits,
  webhooks,
  audit,
  providers,
  ...settings
}: Settings): Partial<Record<OptionName, unknown>> {
  const { url, from, allowPrivateServers } = mail
  return {
    ...settings,
    trustedProxies: trustedProxies.length > 0 ? trustedProxies.join() : undefined,
    'apiKey.id': apiKey?.id,
    'apiKey.secret': apiKey?.secret,
    'limits.perKey': limits.perKey === 0 ? 'off' : limits.perKey,
    'limits.perAddress': limits.perAddress === 0 ? 'off' : limits.perAddress,
    'mail.url': url,
    'mail.from': from && (from.name === '' ? from.address : `${from.name} <${from.address}>`),
    'mail.allowPrivateServers': allowPrivateServers,
    'webhooks.allowPrivateTargets': webhooks.allowPrivateTargets,
    'audit.retention': audit.retention,
    'providers.url': providers.url,
    'providers.allowPrivateServers': providers.allowPrivateServers,
  }
}

/** Where each setting comes from, for those that were set. */
export function originsOf(sources: readonly Source[]): Map<OptionName, string> {
  return new Map(
    [...sources].reverse().flatMap((source) => [...source].map(([name, { from }]) => [name, from] as const)),
  )
}

/** Where a service without a base URL is reached. */
export function localUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function parseAll(sources: readonly Source[]): OptionValues {
  const values: Partial<Record<OptionName, unknown>> = {}
  for (const name of optionNames) {
    const given = sources.find((source) => source.has(name))?.get(name)
    if (!given) continue
    const option: Option = options[name]
    const value = option.parse(given.value)
    if (value === undefined) {
      const shown = option.secret ? 'is set' : `is ${JSON.stringify(given.value)}`
      throw new Mistake(`${given.from} ${shown}, but must be ${option.expected}`, exampleLine(name, given.from))
    }
    values[name] = value
  }
  return values as OptionValues
}

/** The line that sets an option, in the words of the source it came from. */
function exampleLine(name: OptionName, from: string): string {
  const { example, flag }: Option = options[name]
  if (from.startsWith('--')) return flag === true ? from : `latchkey serve ${from} ${example}`
  if (from.startsWith('LATCHKEY_')) return `export ${environmentName(name)}=${example}`
  return `${name}: '${example}'`
}

function missingBaseUrl(because: string, flags = ''): Mistake {
  const { example } = options.baseUrl
  return new Mistake(`baseUrl is not set, and ${because}`, `latchkey serve ${flags}${flagName('baseUrl')} ${example}`)
}

function pair(id: string | undefined, secret: string | undefined): Settings['apiKey'] {
  if (id !== undefined && secret !== undefined) return { id, secret }
  if (id === undefined && secret === undefined) return undefined
  const [set, missing] = (['apiKey.id', 'apiKey.secret'] as const).toSorted((one) =>
    (one === 'apiKey.id') === (id !== undefined) ? -1 : 1,
  ) as [OptionName, OptionName]
  throw new Mistake(
    `${environmentName(set)} is set without ${environmentName(missing)}`,
    `export ${environmentName(missing)}=${options[missing].example}`,
  )
}

function warnings(sources: readonly Source[], { baseUrl, allowUndurable }: OptionValues): string[] {
  const found: string[] = []
  for (const source of sources) {
    for (const [name, { value, from }] of source) {
      const secret = name === 'database' || name === 'redis' ? hasPassword(value) : (options[name] as Option).secret
      if (secret && from.startsWith('--')) {
        found.push(
          `${from} shows a secret to everyone who can list processes; set ${environmentName(name)}_FILE instead`,
        )
      }
    }
  }
  if (baseUrl?.startsWith('http:') && !isLoopback(new URL(baseUrl).hostname.replace(/^\[|\]$/g, ''))) {
    found.push(`${baseUrl} is not encrypted: whoever sits on the way can read passwords and keys`)
  }
  if (allowUndurable) found.push('allowUndurable is set: a crash may lose what was acknowledged')
  return found
}

function hasPassword(url: unknown): boolean {
  return typeof url === 'string' && Boolean(URL.parse(url)?.password)
}
