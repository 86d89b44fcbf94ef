import type { Engine } from '../../client/client.ts'
import type { Clock } from '../../std/clock.ts'
import type { Hooks } from '../hooks.ts'
import type { Log } from '../log.ts'
import type { PageSettings } from '../page-settings.ts'
import {
  callback,
  dictionary,
  duration,
  flag,
  type Input,
  listOf,
  object,
  oneOf,
  origin,
  path,
  text,
  wholeNumber,
} from './language.ts'

/** A service in this process, as `createApp` and the kit for tests make it. */
export interface GivenEngine extends Engine {
  /** By which it tells the time; the application goes by the same. */
  readonly clock?: Clock
  /** Present where mails are captured and shown at `/__dev/mail`. */
  readonly inbox?: unknown
  /** How long news may take where the application does not say, in milliseconds. */
  readonly revocationDelay?: number
}

const field = {
  /** Data is accepted. */
  enabled: flag(),
  /** Shown on the page and in the view model. */
  visible: flag(),
  label: text(),
  placeholder: text({ shape: /^/ }),
  required: flag(),
  /** A type of HTML inputs. */
  type: text(),
}

const form = { fields: dictionary(field), fieldOrder: listOf(text()) }

const cookie = {
  name: text({ expected: 'a name of letters, digits, - and _', shape: /^[\w-]+$/, example: 'access_token' }),
  httpOnly: flag(),
  secure: flag(),
  path: path({ example: '/' }),
  domain: text({ expected: 'a domain', shape: /^\.?[\w-]+(\.[\w-]+)*$/, example: 'example.com' }),
  sameSite: oneOf(['Lax', 'Strict', 'None']),
}

const expandable = {
  customData: flag(),
  groups: flag(),
  groupMemberships: flag(),
  directory: flag(),
  providerData: flag(),
  tenant: flag(),
  applications: flag(),
}

const life = {
  /** At most what the policy of the application says. */
  lifetime: duration({ example: 'P30D' }),
  /** It ends when it was not used for that long. */
  idle: duration({ example: 'PT30M' }),
}

/**
 * Everything an application can set on its side, by the names of contract/web.md §25. What is not set is decided by
 * `settings.ts`. Everything else that a developer writes is a setting of the service in this process.
 */
export const options = {
  /** Where the service is; without it the service runs in this process. */
  url: origin({ example: 'https://users.example.com' }),
  /** A service that runs in this process already, and whose life is not ours: what `createApp` returns. */
  engine: object<GivenEngine>('what createApp returns'),
  apiKey: {
    id: text({ environment: 'LATCHKEY_API_KEY_ID' }),
    secret: text({ secret: true, environment: 'LATCHKEY_API_KEY_SECRET' }),
    file: text({
      expected: 'the path of a file',
      example: './apiKey.properties',
      environment: 'LATCHKEY_API_KEY_FILE',
    }),
  },
  application: { name: text({ example: 'My Application' }), href: text({ expected: 'the address of an application' }) },
  /** The service in this process is reached here, and so is the application around it. */
  baseUrl: origin({ environment: 'LATCHKEY_BASE_URL' }),
  preset: oneOf(['modern', 'stormpath'], { environment: 'LATCHKEY_PRESET' }),
  /** What `req.user` carries besides the account itself. */
  expand: expandable,
  /** Answers in place of ours: (req, res, next) of the framework. */
  onUnauthenticated: callback<unknown>(),
  onForbidden: callback<unknown>(),
  hooks: object<Hooks>('an object of functions'),
  pages: object<PageSettings>('an object of page settings'),
  /** Instead of standard error. */
  logger: callback<Log>(),
  web: {
    /** Where browsers reach the application. */
    baseUrl: origin(),
    basePath: path({ example: '/auth' }),
    /** Other origins whose pages may send browsers' requests here. */
    trustedOrigins: listOf(origin()),
    produces: listOf(oneOf(['application/json', 'text/html'])),
    /** How long a revocation or a change may take to be noticed; 0 asks before every guarded request. */
    revocationDelay: duration(),
    /** Ask the service about every token. */
    validation: oneOf(['local', 'remote']),
    accessTokenCookie: cookie,
    refreshTokenCookie: cookie,
    oauth2: {
      enabled: flag(),
      uri: path(),
      revokeUri: path(),
      client_credentials: { enabled: flag() },
      password: { enabled: flag(), validationStrategy: oneOf(['local', 'stormpath']) },
    },
    register: {
      enabled: flag(),
      uri: path(),
      nextUri: path(),
      autoLogin: flag(),
      /** A known address is answered like a new one. */
      privacy: oneOf(['strict', 'open']),
      form,
    },
    login: { enabled: flag(), uri: path(), nextUri: path(), form },
    logout: { enabled: flag(), uri: path(), nextUri: path() },
    forgotPassword: { enabled: flag(), uri: path(), nextUri: path() },
    changePassword: { enabled: flag(), uri: path(), nextUri: path(), errorUri: path(), autoLogin: flag() },
    verifyEmail: { enabled: flag(), uri: path(), nextUri: path() },
    me: {
      enabled: flag(),
      uri: path(),
      expand: expandable,
      /** Members of custom data that browsers are never shown; `req.user` has them. */
      privateData: listOf(text({ expected: 'a name of custom data', example: 'notes' })),
    },
    /** The page where users change what is known of them. */
    profile: { enabled: flag(), uri: path(), form },
    /** The page where users who are logged in change their password. */
    password: { enabled: flag(), uri: path() },
    sessions: { enabled: flag(), uri: path() },
    /** Bytes of a body to register or profile where fields of your own are on; 32 KiB where none are. */
    customDataLimit: wholeNumber({ min: 32 * 1024, max: 11 * 1024 * 1024, example: '204800' }),
    /** How long a session lasts, and that of users who ask to be remembered (`web.login.form.fields.rememberMe`). */
    session: { ...life, remembered: life },
    spa: { enabled: flag(), view: text({ expected: 'the path of an HTML file', example: './dist/index.html' }) },
  },
} as const

export type WebOptions = Input<typeof options>
