import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Mistake } from '../../std/mistake.ts'
import { type Hooks, hookNames } from '../hooks.ts'
import { type Log, logToStandardError } from '../log.ts'
import type { PageSettings } from '../page-settings.ts'
import { defaultsOf, type FieldSettings } from './defaults.ts'
import { requireFields } from './field-names.ts'
import { fields } from './fields.ts'
import type { Values } from './language.ts'
import { type GivenEngine, options, type WebOptions } from './options.ts'
import { type Environment, fromEnvironment, fromObject, readValues, refuseUnknown, type Source } from './read.ts'
import { type SessionSettings, sessionSettings } from './session.ts'

export type MediaType = 'application/json' | 'text/html'
export type Preset = 'modern' | 'stormpath'

export interface KeyPair {
  id: string
  secret: string
}

export interface CookieSettings {
  /** Without the prefix that a secure cookie gets. */
  readonly name: string
  readonly httpOnly: boolean
  /** Undefined: when the request is HTTPS. */
  readonly secure: boolean | undefined
  readonly path: string
  readonly domain: string | undefined
  readonly sameSite: 'Lax' | 'Strict' | 'None'
}

export interface Route {
  readonly enabled: boolean
  readonly uri: string
}
/** `nextUri` undefined: one of our own pages. */
export interface RouteWithNext extends Route {
  readonly nextUri: string | undefined
}

/** Everything the web integration was told, or takes as its default. */
export interface Settings {
  /** The service over the network; undefined when it runs in this process. */
  readonly url: string | undefined
  /** The service in this process that somebody else opened. */
  readonly engine: GivenEngine | undefined
  readonly apiKey: KeyPair | undefined
  readonly application: { readonly name: string | undefined; readonly href: string | undefined }
  /** Scheme, host and port where browsers reach us; undefined where nobody said. */
  readonly baseUrl: string | undefined
  readonly basePath: string
  readonly preset: Preset
  /** `NODE_ENV` is `production`. */
  readonly production: boolean
  readonly trustedOrigins: readonly string[]
  readonly produces: readonly MediaType[]
  /** In milliseconds. */
  readonly revocationDelay: number
  readonly validation: 'local' | 'remote'
  /** Names of the cookies get the prefix `__Host-` where it is possible. */
  readonly hostPrefix: boolean
  readonly accessTokenCookie: CookieSettings
  readonly refreshTokenCookie: CookieSettings
  readonly oauth2: Route & {
    readonly revokeUri: string
    readonly password: boolean
    readonly clientCredentials: boolean
  }
  readonly register: RouteWithNext & {
    readonly autoLogin: boolean
    readonly strictPrivacy: boolean
    readonly fields: readonly FieldSettings[]
  }
  readonly login: RouteWithNext & { readonly fields: readonly FieldSettings[] }
  readonly logout: RouteWithNext
  /** `enabled` undefined: as the default directory says. */
  readonly forgotPassword: Omit<RouteWithNext, 'enabled'> & { readonly enabled: boolean | undefined }
  readonly changePassword: Omit<RouteWithNext, 'enabled'> & {
    readonly enabled: boolean | undefined
    readonly errorUri: string | undefined
    readonly autoLogin: boolean
  }
  readonly verifyEmail: Omit<RouteWithNext, 'enabled'> & { readonly enabled: boolean | undefined }
  readonly me: Route & { readonly expand: readonly Expandable[]; readonly privateData: readonly string[] }
  readonly profile: Route & { readonly fields: readonly FieldSettings[] }
  readonly password: Route
  readonly sessions: Route
  /** Bytes of a body to register or profile where fields of the developer's own are on. */
  readonly customDataLimit: number
  readonly session: SessionSettings
  /** The file of a single-page app, shown instead of our pages. */
  readonly spa: string | undefined
  readonly expand: readonly Expandable[]
  /** Answers in place of ours, of the framework's own kind. */
  readonly onUnauthenticated: unknown
  readonly onForbidden: unknown
  readonly hooks: Hooks
  readonly pages: PageSettings
  readonly log: Log
  /** Settings of the service in this process, unchecked. */
  readonly service: Readonly<Record<string, unknown>>
  /** Weaknesses to tell at the start. */
  readonly warnings: readonly string[]
  /** What was set, by its path: where. Values of secrets are not told. */
  readonly origins: ReadonlyMap<string, string>
}

export type Expandable = keyof (typeof options)['expand']

/**
 * The settings: environment before code before defaults.
 * @throws Mistake when one does not fit, is unknown, or two contradict each other
 */
export function resolveSettings(given: WebOptions & Record<string, unknown>, environment: Environment): Settings {
  const where = 'the options of latchkey()'
  const { source, others } = fromObject(options, given, where)
  const sources = [fromEnvironment(options, environment), source]
  const values = readValues(options, sources)
  const { engine, web } = values
  const url = engine ? undefined : values.url
  const baseUrl = values.baseUrl ?? (engine && publicUrl(engine.baseUrl))
  if (url !== undefined && others[0] !== undefined) refuseUnknown(others[0], Object.keys(options), where)
  const preset = values.preset ?? 'modern'
  const basePath = (web.basePath ?? '').replace(/\/$/, '')
  const defaults = defaultsOf(preset)
  const under = (uri: string) => `${basePath}${uri}`
  const warnings: string[] = []
  const autoLogin = web.changePassword.autoLogin ?? false
  const production = environment.NODE_ENV === 'production'
  const loginFields = fields(web.login.form, defaults.loginFields, [
    'organizationNameKey',
    ...Object.keys(defaults.loginFields),
  ])
  return {
    url,
    engine,
    apiKey: engine?.apiKey ?? keyPair(values.apiKey, url, warnings),
    application: requireApplicationHref(values.application),
    baseUrl: web.baseUrl ?? (url === undefined ? baseUrl : undefined),
    basePath,
    preset,
    production,
    trustedOrigins: web.trustedOrigins ?? [],
    produces: web.produces ?? ['application/json', 'text/html'],
    revocationDelay: (web.revocationDelay as number | undefined) ?? engine?.revocationDelay ?? 3_000,
    validation: web.validation ?? (web.oauth2.password.validationStrategy === 'stormpath' ? 'remote' : 'local'),
    hostPrefix: defaults.hostPrefix,
    accessTokenCookie: cookie('access_token', web.accessTokenCookie),
    refreshTokenCookie: cookie('refresh_token', web.refreshTokenCookie),
    oauth2: {
      ...route(web.oauth2, under('/oauth/token')),
      revokeUri: web.oauth2.revokeUri ?? under('/oauth/revoke'),
      password: web.oauth2.password.enabled ?? defaults.passwordGrant,
      clientCredentials: web.oauth2.client_credentials.enabled ?? true,
    },
    register: {
      ...routeWithNext(web.register, under('/register')),
      autoLogin: web.register.autoLogin ?? false,
      strictPrivacy: (web.register.privacy ?? defaults.registerPrivacy) === 'strict',
      fields: requireFields('register', fields(web.register.form, defaults.registerFields, defaults.registerOrder)),
    },
    login: {
      ...routeWithNext(web.login, under('/login')),
      fields: loginFields,
    },
    logout: routeWithNext(web.logout, under('/logout')),
    forgotPassword: {
      ...routeWithNext(web.forgotPassword, under('/forgot')),
      enabled: web.forgotPassword.enabled,
    },
    changePassword: {
      ...routeWithNext(web.changePassword, under('/change')),
      enabled: web.changePassword.enabled,
      errorUri: web.changePassword.errorUri,
      autoLogin,
    },
    verifyEmail: { ...routeWithNext(web.verifyEmail, under('/verify')), enabled: web.verifyEmail.enabled },
    me: {
      ...route(web.me, under('/me')),
      expand: expanded(web.me.expand, []),
      privateData: web.me.privateData ?? [],
    },
    profile: {
      ...route(web.profile, under('/profile')),
      fields: requireFields(
        'profile',
        fields(web.profile.form, defaults.profileFields, ['username', 'givenName', 'middleName', 'surname']),
      ),
    },
    password: route(web.password, under('/me/password')),
    sessions: route(web.sessions, under('/me/sessions')),
    customDataLimit: web.customDataLimit ?? 200 * 1024,
    session: sessionSettings(web.session, loginFields),
    spa: singlePage(web.spa),
    expand: expanded(values.expand, ['customData', 'groups']),
    onUnauthenticated: values.onUnauthenticated,
    onForbidden: values.onForbidden,
    hooks: requireHooks(values.hooks, where),
    pages: values.pages ?? {},
    log: values.logger ?? logToStandardError,
    service: serviceSettings(given, others, { ...values, baseUrl }),
    warnings,
    origins: originsOf(sources),
  }
}

/** A hook that never runs because its name is misspelt would let everybody pass. @throws Mistake */
function requireHooks(hooks: Hooks = {}, where: string): Hooks {
  for (const [name, hook] of Object.entries(hooks)) {
    if (!(hookNames as readonly string[]).includes(name)) {
      const paths = hookNames.map((known) => `hooks.${known}`)
      refuseUnknown(`hooks.${name}`, paths, where)
    }
    if (hook !== undefined && typeof hook !== 'function') {
      throw new Mistake(`hooks.${name} in ${where} must be a function`, `hooks: { ${name}(event) { … } }`)
    }
  }
  return hooks
}

type Web = Values<typeof options>['web']

function route({ enabled, uri }: { enabled: boolean | undefined; uri: string | undefined }, otherwise: string): Route {
  return { enabled: enabled ?? true, uri: uri ?? otherwise }
}

function routeWithNext(
  given: { enabled: boolean | undefined; uri: string | undefined; nextUri: string | undefined },
  otherwise: string,
): RouteWithNext {
  return { ...route(given, otherwise), nextUri: given.nextUri }
}

function cookie(name: string, given: Web['accessTokenCookie']): CookieSettings {
  const { sameSite = 'Lax', secure } = given
  if (sameSite === 'None' && secure === false) {
    throw new Mistake('a cookie with sameSite None must be secure: browsers drop it otherwise', 'secure: true')
  }
  return {
    name: given.name ?? name,
    httpOnly: given.httpOnly ?? true,
    secure: sameSite === 'None' ? true : secure,
    path: given.path ?? '/',
    domain: given.domain,
    sameSite,
  }
}

function expanded(
  given: Readonly<Record<Expandable, boolean | undefined>>,
  otherwise: readonly Expandable[],
): Expandable[] {
  const names = Object.keys(options.expand) as Expandable[]
  return names.filter((name) => given[name] ?? otherwise.includes(name))
}

function singlePage({ enabled = false, view }: Web['spa']): string | undefined {
  if (!enabled) return undefined
  if (view === undefined)
    throw new Mistake('web.spa.enabled is true, but web.spa.view is not set', "view: './dist/index.html'")
  const path = resolve(view)
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Mistake(`web.spa.view ${view} cannot be read (${code})`, `ls -l ${path}`)
  }
  return path
}

function requireApplicationHref(application: Settings['application']): Settings['application'] {
  const { href } = application
  if (href === undefined || /^https?:\/\/[^/]+\/v1\/applications\/[\w-]+$/.test(href)) return application
  throw new Mistake(
    `application.href ${href} is not the address of an application`,
    'it looks like https://users.example.com/v1/applications/<id>, or name it: application: { name }',
  )
}

/** An engine that was made for this machine alone says nothing of where browsers reach us. */
function publicUrl(baseUrl: string): string | undefined {
  return /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(baseUrl) ? undefined : baseUrl
}

/** In remote position there must be one; in this process the service brings its own. */
function keyPair(
  { id, secret, file }: Values<typeof options>['apiKey'],
  url: string | undefined,
  warnings: string[],
): KeyPair | undefined {
  if (id !== undefined && secret !== undefined) return { id, secret }
  if (id !== undefined || secret !== undefined) {
    const missing = id === undefined ? 'LATCHKEY_API_KEY_ID' : 'LATCHKEY_API_KEY_SECRET'
    throw new Mistake(`half of the API key is set: ${missing} is missing`, `export ${missing}=…`)
  }
  if (file !== undefined) return readKeyFile(file, warnings)
  if (url === undefined) return undefined
  throw new Mistake(
    `url is ${url}, but there is no API key to call it with`,
    'export LATCHKEY_API_KEY_FILE=./apiKey.properties (latchkey key create --out apiKey.properties makes one)',
  )
}

function readKeyFile(file: string, warnings: string[]): KeyPair {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
    const { mode } = statSync(file)
    if (process.platform !== 'win32' && mode & 0o077) {
      warnings.push(`apiKey.file ${file} may be read by others: chmod 600 ${file}`)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Mistake(`apiKey.file ${file} cannot be read (${code})`, `ls -l ${file}`)
  }
  const value = (name: string) => new RegExp(`^\\s*apiKey\\.${name}\\s*[=:]\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1]
  const id = value('id')
  const secret = value('secret')
  if (id && secret) return { id, secret }
  throw new Mistake(`apiKey.file ${file} holds no API key`, 'latchkey key create --out apiKey.properties')
}

/** What the service in this process is told: everything that is not ours, and what both sides have to know. */
function serviceSettings(
  given: Readonly<Record<string, unknown>>,
  others: readonly string[],
  { apiKey, baseUrl, preset }: Values<typeof options>,
): Record<string, unknown> {
  const { id, secret } = apiKey
  return {
    ...Object.fromEntries(others.map((name) => [name, given[name]])),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(preset === undefined ? {} : { preset }),
    ...(id === undefined || secret === undefined ? {} : { apiKey: { id, secret } }),
  }
}

function originsOf(sources: readonly Source[]): Map<string, string> {
  return new Map(
    [...sources].reverse().flatMap((source) => [...source].map(([path, { from }]) => [path, from] as const)),
  )
}
