import type { Brand } from './brand.ts'
import type { Text } from './messages/message.ts'

/** What every page knows. Addresses are complete: with the base path, and with the destination where it is to be kept. */
export interface PageContext {
  readonly brand: Brand
  /** The language to write in, as a BCP 47 tag that has a catalogue: `chooseLocale(…)`. */
  readonly locale: string
  /** What every form carries as `_csrf`. */
  readonly csrf: string
  /** The destination after all is done, carried by every form as `next`; undefined for the usual one. */
  readonly next: string | undefined
  /** Where else one can go; a link that is undefined is not shown. */
  readonly links: Links
  readonly user: PageUser | undefined
  /** The text above the form that `?status=` asks for. */
  readonly banner: BannerName | undefined
}

/** Addresses of routes that are switched on. */
export interface Links {
  readonly home?: string | undefined
  readonly login?: string | undefined
  readonly register?: string | undefined
  readonly forgot?: string | undefined
  /** The page that sends the mail to verify an address again. */
  readonly verify?: string | undefined
  readonly profile?: string | undefined
  /** Change the password while logged in. */
  readonly password?: string | undefined
  /** Takes a POST only. */
  readonly logout?: string | undefined
}

/** Who is logged in, as far as pages show it. */
export interface PageUser {
  readonly email: string
  readonly username?: string | undefined
  readonly givenName?: string | undefined
  readonly surname?: string | undefined
  readonly fullName?: string | undefined
  /** Shown by the home page only. */
  readonly customData?: Readonly<Record<string, unknown>> | undefined
}

/** The texts that `?status=` asks for: `toBanner(status)`. */
export type BannerName =
  | 'unverified'
  | 'verified'
  | 'created'
  | 'forgot'
  | 'reset'
  | 'invalid_sptoken'
  | 'saved'
  | 'passwordChanged'
  | 'sessionEnded'
  | 'sessionsEnded'

/** A form that is posted URL-encoded. */
export interface Form {
  /** Where it is posted to. */
  readonly action: string
  /** Visible fields, in their order. */
  readonly fields: readonly Field[]
  /** What is wrong that concerns no field alone. */
  readonly problems: readonly Text[]
  /** Further names and values that it carries unseen, such as `sptoken`. */
  readonly hidden?: Readonly<Record<string, string>> | undefined
}

/** One input. The first five are the view model of the old specification. (contract/web.md §4) */
export interface Field {
  readonly label: Text
  /** Of the input, and of what is posted. */
  readonly name: string
  /** `''` for none. */
  readonly placeholder: Text
  readonly required: boolean
  /** A type of HTML inputs, `textarea` or `select`; an unknown one is shown as `text`. */
  readonly type: string
  /** What was typed before. Passwords are never shown again. */
  readonly value?: string | undefined
  readonly problem?: Text | undefined
  /** A line below. */
  readonly hint?: Text | undefined
  /** Of a `select`. */
  readonly options?: readonly FieldOption[] | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  /** What password managers and keyboards go by; made from the name where it is undefined. */
  readonly autocomplete?: string | undefined
}

export interface FieldOption {
  readonly value: string
  readonly label: Text
}

/** A button that leads to another provider. */
export interface ProviderButton {
  /** `google`, `github`, …; known ones get their own mark. */
  readonly providerId: string
  /** The name people know, such as `Google` or `Acme SSO`. */
  readonly name: string
  /** Where the flow begins. */
  readonly href: string
}

export interface LoginPage extends PageContext {
  readonly page: 'login'
  readonly form: Form
  /** May be empty. */
  readonly providers: readonly ProviderButton[]
}

export interface RegisterPage extends PageContext {
  readonly page: 'register'
  readonly form: Form
  readonly providers: readonly ProviderButton[]
}

/** Asks for the address that a link to a new password goes to. */
export interface ForgotPage extends PageContext {
  readonly page: 'forgot'
  readonly form: Form
}

/** Sets a new password by the link of the mail. */
export interface ChangePage extends PageContext {
  readonly page: 'change'
  readonly form: Form
  /** The account's login name where it is known, so that password managers replace the right entry. */
  readonly login?: string | undefined
}

/** Sends the mail to verify an address again. */
export interface VerifyPage extends PageContext {
  readonly page: 'verify'
  readonly form: Form
}

/** One button, so that a mail scanner that opens the link verifies nothing. (WEB W67) */
export interface ConfirmPage extends PageContext {
  readonly page: 'confirm'
  readonly form: Form
}

/** Changes the password while logged in. */
export interface PasswordPage extends PageContext {
  readonly page: 'password'
  readonly form: Form
  readonly user: PageUser
}

export interface ProfilePage extends PageContext {
  readonly page: 'profile'
  readonly form: Form
  readonly user: PageUser
  /** Undefined where sessions are not told. */
  readonly sessions: Sessions | undefined
}

export interface Sessions {
  /** Where `session=<id>` is posted to end one, `session=others` to end all but this. */
  readonly action: string
  readonly list: readonly Session[]
}

export interface Session {
  readonly id: string
  /** Whether it is the one that asks. */
  readonly current: boolean
  readonly createdAt: Date
  readonly lastUsedAt?: Date | undefined
  /** The `User-Agent` it began with. */
  readonly userAgent?: string | undefined
}

/** What the development start shows at `/`. Of nobody, it offers to log in. */
export interface HomePage extends PageContext {
  readonly page: 'home'
}

/** A guard refused: 401 when nobody is logged in, 403 when somebody without the right is. */
export interface UnauthorizedPage extends PageContext {
  readonly page: 'unauthorized'
  readonly status: 401 | 403
}

export interface ErrorPage extends PageContext {
  readonly page: 'error'
  /** 400, 404, 429 and 503 have words of their own. */
  readonly status: number
  /** What to look for in the log. */
  readonly requestId?: string | undefined
}

/** The model of any page: plain data, told apart by `page`. */
export type Page =
  | LoginPage
  | RegisterPage
  | ForgotPage
  | ChangePage
  | VerifyPage
  | ConfirmPage
  | PasswordPage
  | ProfilePage
  | HomePage
  | UnauthorizedPage
  | ErrorPage

export type PageName = Page['page']
/** The model of one page by its name. */
export type PageOf<N extends PageName> = Extract<Page, { page: N }>

/** What a developer's own page is helped with. */
export interface PageTools {
  /** A text of the model in the language of the page. Not escaped. */
  text(text: Text): string
  /** Our own page as a whole HTML document. */
  ours(): string
}

/** A developer's own page in place of ours: a whole HTML document, or a whole answer. */
export type PageView<N extends PageName = PageName> = (
  page: PageOf<N>,
  tools: PageTools,
) => string | Response | Promise<string | Response>

/** Own pages by the name of the page they replace. */
export type PageViews = { readonly [N in PageName]?: PageView<N> }
