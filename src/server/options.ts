import type { Mailbox } from '../core/ports.ts'
import type { Preset } from '../core/presets.ts'
import { parseSmtpUrl } from '../mail/smtp.ts'
import { parseDuration } from '../std/duration.ts'
import { isIdLike } from '../std/id.ts'
import { isLine, isMailbox } from '../std/mail-address.ts'
import { parseTrustedProxies } from '../std/network.ts'
import { type LogLevel, logLevels } from './log.ts'

/** One thing an operator can set, under one name in every source. */
export interface Option<T = unknown> {
  description: string
  /** What stands for the value in `--help`; options without it have no flag, `true` is a flag without a value. */
  flag?: string | true
  /** Completes "must be …". */
  expected: string
  /** A value that works, for messages. */
  example: string
  /** Reads a value of any source, texts and JSON alike; undefined when it does not fit. */
  parse(given: unknown): T | undefined
  /** Never printed; may stand in a file whose path is given instead. */
  secret?: boolean
  /** Of somebody: printed to the operator, and not handed on. */
  personal?: boolean
  /** Its name in the environment where it is not the one derived from the name. */
  environment?: string
}

const define = <T>(option: Option<T>): Option<T> => option

/** Every setting there is. A dot in a name nests it: `apiKey: { id }` in a file, `__` in the environment. */
export const options = {
  host: define({
    description: 'address to listen on (127.0.0.1)',
    flag: '<address>',
    expected: 'an IP address or a host name',
    example: '127.0.0.1',
    parse: (given) => matching(given, /^[\w.:-]+$/),
  }),
  port: define({
    description: 'port to listen on; 0 takes a free one (4000)',
    flag: '<number>',
    expected: 'a port number from 0 to 65535',
    example: '4000',
    parse: (given) => wholeNumber(given, 65_535),
  }),
  maxConnections: define({
    description: 'connections at the same time; what comes beyond is hung up on (10000)',
    flag: '<number>',
    expected: 'a whole number from 1 to 1000000',
    example: '10000',
    parse: (given) => wholeNumber(given, 1_000_000) || undefined,
  }),
  managementHost: define({
    description: 'address for metrics and health in detail (127.0.0.1)',
    flag: '<address>',
    expected: 'an IP address or a host name',
    example: '127.0.0.1',
    parse: (given) => matching(given, /^[\w.:-]+$/),
  }),
  managementPort: define({
    description: 'port for metrics and health in detail; off or 0 for none (9091)',
    flag: '<number>',
    expected: 'a port number from 0 to 65535, or off',
    example: '9091',
    parse: (given) => (given === 'off' || given === false ? 0 : wholeNumber(given, 65_535)),
  }),
  trustedProxies: define({
    description: 'proxies whose X-Forwarded-For is believed, separated by commas (none)',
    flag: '<networks>',
    expected: 'IP addresses or networks such as 10.0.0.0/8, none of them everything',
    example: '10.0.0.0/8',
    parse: proxies,
  }),
  logLevel: define({
    description: 'least urgent lines to log: debug, info, warn, error or silent (info, which has one per request)',
    flag: '<level>',
    expected: 'debug, info, warn, error or silent',
    example: 'info',
    parse: (given): LogLevel | undefined => logLevels.find((level) => level === given),
  }),
  data: define({
    description: 'folder for the SQLite database and the generated keys (./.latchkey)',
    flag: '<folder>',
    expected: 'the path of a folder',
    example: './.latchkey',
    parse: text,
  }),
  database: define({
    description: 'PostgreSQL to use instead of SQLite',
    flag: '<url>',
    expected: 'a URL that begins with postgres://',
    example: 'postgres://latchkey@localhost:5432/latchkey',
    environment: 'LATCHKEY_DATABASE_URL',
    secret: true,
    parse: (given) => matching(given, /^postgres(ql)?:\/\/./),
  }),
  redis: define({
    description: 'Redis in which several processes count requests and guesses together (each counts alone)',
    flag: '<url>',
    expected: 'a URL that begins with redis:// or rediss://',
    example: 'redis://localhost:6379',
    environment: 'LATCHKEY_REDIS_URL',
    secret: true,
    parse: (given) => matching(given, /^rediss?:\/\/./),
  }),
  'limits.perKey': define({
    description: 'requests a minute that one API key may make, or off (60000; the stormpath preset has no limit)',
    expected: 'a whole number from 1 to 60000, or off',
    example: '60000',
    parse: budget,
  }),
  'limits.perAddress': define({
    description: 'requests a minute that one address may make, or off (60000)',
    expected: 'a whole number from 1 to 60000, or off',
    example: '60000',
    parse: budget,
  }),
  baseUrl: define({
    description: 'where browsers and clients reach the service',
    flag: '<url>',
    expected: 'an http or https URL without path, query or user',
    example: 'https://id.example.com',
    parse: origin,
  }),
  appsDomain: define({
    description:
      'domain below which each application has a host name for its Client API (apps. and the host of baseUrl)',
    flag: '<domain>',
    expected: 'a domain name',
    example: 'apps.example.com',
    parse: (given) => matching(given, /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z\d](?:[a-z\d-]*[a-z\d])?$/),
  }),
  preset: define({
    description: 'defaults for a new tenant: modern, or stormpath as it was (modern)',
    flag: '<name>',
    expected: 'modern or stormpath',
    example: 'modern',
    parse: (given): Preset | undefined => (given === 'modern' || given === 'stormpath' ? given : undefined),
  }),
  ownerEmail: define({
    description: "email address of a new tenant's owner (owner@example.com)",
    flag: '<address>',
    expected: 'an email address',
    example: 'you@example.com',
    personal: true,
    parse: (given) => matching(given, /^[^\s@]{1,64}@[^\s@]{1,190}$/),
  }),
  autoMigrate: define({
    description: 'let a start migrate a PostgreSQL database that is not empty',
    flag: true,
    expected: 'true or false',
    example: 'true',
    parse: flagged,
  }),
  pgbouncer: define({
    description: 'the database URL leads to PgBouncer in transaction mode',
    flag: true,
    expected: 'true or false',
    example: 'true',
    parse: flagged,
  }),
  allowUndurable: define({
    description: 'run on a PostgreSQL that may lose what it acknowledged; for tests',
    flag: true,
    expected: 'true or false',
    example: 'true',
    parse: flagged,
  }),
  secretKey: define({
    description: 'key ring that seals recoverable secrets, newest key first (`latchkey key generate`)',
    flag: '<keys>',
    expected: 'a key that `latchkey key generate` printed, or several separated by commas',
    example: '"$(latchkey key generate)"',
    secret: true,
    parse: text,
  }),
  'apiKey.id': define({
    description: 'id of the first API key, where you want to choose it',
    expected: 'a text of 8 to 64 letters, digits, hyphens and underscores',
    example: 'my-first-key',
    environment: 'LATCHKEY_API_KEY_ID',
    personal: true,
    parse: keyId,
  }),
  'apiKey.secret': define({
    description: 'secret of the first API key',
    expected: 'a text of 32 to 255 visible ASCII characters',
    example: '"$(openssl rand -base64 32)"',
    environment: 'LATCHKEY_API_KEY_SECRET',
    secret: true,
    parse: (given) => matching(given, /^[!-~]{32,255}$/),
  }),
  breachedPasswords: define({
    description:
      'where directories with preventBreached look passwords up; a mirror of the range protocol does (https://api.pwnedpasswords.com/range)',
    expected: 'an http or https URL without query or user',
    example: 'https://pwned-mirror.example.com/range',
    parse: address,
  }),
  'mail.url': define({
    description: 'where mail goes: smtp://, smtps://, console:, inbox: (development), or none (inbox: in development)',
    expected: 'smtp://user:password@host:587, smtps://user:password@host, console:, inbox: or none',
    example: 'smtp://user:password@smtp.example.com:587',
    environment: 'LATCHKEY_MAIL_URL',
    secret: true,
    parse: mailUrl,
  }),
  'mail.from': define({
    description: 'sender of mails: an address, or a name and an address in angle brackets (no-reply@ the base URL)',
    expected: 'an email address, or a name and one: Example <no-reply@example.com>',
    example: 'no-reply@example.com',
    environment: 'LATCHKEY_MAIL_FROM',
    personal: true,
    parse: sender,
  }),
  'mail.allowPrivateServers': define({
    description: 'let tenants name SMTP servers on private networks (true, except in production)',
    expected: 'true or false',
    example: 'true',
    environment: 'LATCHKEY_MAIL_ALLOW_PRIVATE_SERVERS',
    parse: flagged,
  }),
  'webhooks.allowPrivateTargets': define({
    description: 'let webhooks lie on private networks, and do without https (true, except in production)',
    expected: 'true or false',
    example: 'true',
    environment: 'LATCHKEY_WEBHOOKS_ALLOW_PRIVATE_TARGETS',
    parse: flagged,
  }),
  'audit.retention': define({
    description: 'how long events are kept (P400D); off for always',
    expected: 'an ISO 8601 duration of at least a day, or off',
    example: 'P400D',
    environment: 'LATCHKEY_AUDIT_RETENTION',
    parse: retention,
  }),
  'providers.url': define({
    description:
      'where Google, GitHub, Facebook, LinkedIn and Twitter are asked instead of at their own hosts, each below its name; for gateways and tests (none)',
    expected: 'an http or https URL without query or user',
    example: 'https://gateway.example.com/providers',
    environment: 'LATCHKEY_PROVIDERS_URL',
    parse: address,
  }),
  'providers.allowPrivateServers': define({
    description:
      'let tenants name identity providers on private networks, without encryption there (true, except in production)',
    expected: 'true or false',
    example: 'true',
    environment: 'LATCHKEY_PROVIDERS_ALLOW_PRIVATE_SERVERS',
    parse: flagged,
  }),
  drainDelay: define({
    description: 'how long to go on serving after SIGTERM, so that balancers notice (PT5S; PT0S in development)',
    expected: 'a number of seconds or an ISO 8601 duration, at most an hour',
    example: 'PT5S',
    parse: duration,
  }),
  drainTimeout: define({
    description: 'how long a stop waits for requests under way (PT30S)',
    expected: 'a number of seconds or an ISO 8601 duration, at most an hour',
    example: 'PT30S',
    parse: duration,
  }),
  startTimeout: define({
    description: 'how long a start waits for a PostgreSQL that is not there yet (PT1M)',
    expected: 'a number of seconds or an ISO 8601 duration, at most an hour',
    example: 'PT1M',
    parse: duration,
  }),
}

export type OptionName = keyof typeof options
export const optionNames = Object.keys(options) as OptionName[]

type Parsed<O> = O extends Option<infer T> ? T : never
/** What was set, parsed; nothing for what was not. */
export type OptionValues = { [N in OptionName]?: Parsed<(typeof options)[N]> }

/** Settings as a configuration file or `createApp` takes them. */
export interface Options {
  host?: string
  port?: number
  /** Of the service behind a port of its own; within an application it is the application that listens. */
  maxConnections?: number
  managementHost?: string
  /** `off`, or 0, for none. */
  managementPort?: number | 'off'
  /** IP addresses or networks such as `10.0.0.0/8`. */
  trustedProxies?: string | readonly string[]
  logLevel?: LogLevel
  data?: string
  database?: string
  redis?: string
  /** Requests a minute. Those of this machine and of this process are not counted. */
  limits?: { perKey?: number | 'off'; perAddress?: number | 'off' }
  baseUrl?: string
  preset?: Preset
  ownerEmail?: string
  autoMigrate?: boolean
  pgbouncer?: boolean
  allowUndurable?: boolean
  secretKey?: string
  /** The first API key, where you want to choose it. */
  apiKey?: { id: string; secret: string }
  breachedPasswords?: string
  mail?: {
    /** `smtp://user:password@host:587`, `smtps://…`, `console:`, `inbox:` (development only) or `none`. */
    url?: string
    /** `no-reply@example.com` or `Example <no-reply@example.com>`. */
    from?: string
    allowPrivateServers?: boolean
  }
  webhooks?: { allowPrivateTargets?: boolean }
  /** How long events are kept: an ISO 8601 duration, or `off` for always. */
  audit?: { retention?: string }
  providers?: {
    /** In place of the hosts of the well-known identity providers. */
    url?: string
    allowPrivateServers?: boolean
  }
  /** Seconds, or an ISO 8601 duration. */
  drainDelay?: number | string
  drainTimeout?: number | string
  startTimeout?: number | string
}

/** The name of an option in the environment: `LATCHKEY_BASE_URL`. */
export function environmentName(name: OptionName): string {
  const { environment }: Option = options[name]
  return (
    environment ??
    `LATCHKEY_${name
      .replaceAll('.', '__')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toUpperCase()}`
  )
}

/** The flag of an option, or undefined when it has none: `--base-url`. */
export function flagName(name: OptionName): string | undefined {
  const { flag }: Option = options[name]
  return flag && `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function text(given: unknown): string | undefined {
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined
}

/** Requests a minute; 0 for any number. */
function budget(given: unknown): number | undefined {
  if (given === 'off' || given === false) return 0
  const value = wholeNumber(given, 60_000)
  return value === 0 ? undefined : value
}

function matching(given: unknown, shape: RegExp): string | undefined {
  const value = text(given)
  return value !== undefined && shape.test(value) ? value : undefined
}

function keyId(given: unknown): string | undefined {
  const value = text(given)
  return value !== undefined && value.length >= 8 && isIdLike(value) ? value : undefined
}

function proxies(given: unknown): string[] | undefined {
  const entries = (typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [undefined]).map(text)
  if (!entries.every((entry) => entry !== undefined)) return undefined
  return parseTrustedProxies(entries) && entries
}

function flagged(given: unknown): boolean | undefined {
  if (given === true || given === 'true') return true
  return given === false || given === 'false' ? false : undefined
}

function wholeNumber(given: unknown, max: number): number | undefined {
  const value = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : undefined
}

/** In milliseconds. */
function duration(given: unknown): number | undefined {
  const plain = typeof given === 'number' || (typeof given === 'string' && /^\d+(\.\d+)?$/.test(given))
  const ms = plain ? Math.round(Number(given) * 1000) : typeof given === 'string' ? parseDuration(given) : undefined
  return ms !== undefined && ms >= 0 && ms <= 3_600_000 ? ms : undefined
}

/** In milliseconds; 0 for always. */
function retention(given: unknown): number | undefined {
  if (given === 'off' || given === false) return 0
  const ms = typeof given === 'string' ? parseDuration(given) : undefined
  return ms !== undefined && ms >= 86_400_000 ? ms : undefined
}

function origin(given: unknown): string | undefined {
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  return url.href === `${url.origin}/` ? url.origin : undefined
}

function address(given: unknown): string | undefined {
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  return url.href === `${url.origin}${url.pathname}` ? url.href : undefined
}

/** Where mail goes. */
function mailUrl(given: unknown): string | undefined {
  const value = text(given)
  if (value === undefined) return undefined
  if (value === 'none') return value
  if (value === 'console:' || value === 'console') return 'console:'
  if (value === 'inbox:' || value === 'inbox') return 'inbox:'
  return parseSmtpUrl(value) && value
}

function sender(given: unknown): Mailbox | undefined {
  const value = text(given)
  const [, name = '', address = ''] = /^(?:([^<>@]*)<)?([^<>]+)>?$/.exec(value ?? '') ?? []
  return value !== undefined && isLine(value) && isMailbox(address) ? { name: name.trim(), address } : undefined
}
