import type { Clock } from '../../std/clock.ts'
import { systemClock } from '../../std/clock.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { renderChange } from './change.ts'
import { renderConfirm } from './confirm.ts'
import { renderError } from './error.ts'
import { renderForgot } from './forgot.ts'
import { renderHome } from './home.ts'
import { layout } from './layout.ts'
import { renderLogin } from './login.ts'
import { createCatalogues, type OwnTexts } from './messages/catalogues.ts'
import { chooseLocale } from './messages/choose-locale.ts'
import type { Text } from './messages/message.ts'
import type { Page, PageName, PageOf, PageTools, PageView, PageViews } from './model.ts'
import { policyOf, policyOfOwnView } from './policy.ts'
import { renderProfile } from './profile.ts'
import { renderRegister } from './register.ts'
import { renderUnauthorized } from './unauthorized.ts'
import type { View, Writer } from './view.ts'

export interface PagesOptions {
  /** Own pages by the name of the page they replace. */
  views?: PageViews | undefined
  /** Own words, and whole languages. */
  texts?: OwnTexts | undefined
  /** Origins besides our own that a form may lead to, redirects included, such as `https://app.example.com`. */
  formTargets?: readonly string[] | undefined
  clock?: Clock | undefined
}

export interface Pages {
  /** Languages that pages can be written in, English first. */
  readonly locales: readonly string[]
  /** The best of them for an `Accept-Language` header. */
  chooseLocale(acceptLanguage: string | undefined): string
  /** A text for whoever reads that language, such as the message of a JSON error. Not escaped. */
  text(text: Text, locale: string): string
  /**
   * The page as an answer that no cache keeps and no foreign page frames. Its status is 200, or that of an `error` or
   * `unauthorized` page. Of an own view that answers with a `Response`, all is as it says.
   *
   * @throws what an own view throws
   */
  render(page: Page): Promise<LightResponse>
}

type Renderers = { readonly [N in PageName]: (page: PageOf<N>, writer: Writer) => View }

const renderers: Renderers = {
  login: renderLogin,
  register: renderRegister,
  forgot: renderForgot,
  change: renderChange,
  verify: renderForgot,
  confirm: renderConfirm,
  password: renderChange,
  profile: renderProfile,
  home: renderHome,
  unauthorized: renderUnauthorized,
  error: renderError,
}

/**
 * The pages of an app: ours in its brand, and its own where it has them.
 *
 * @throws {TypeError} when an option is not what it must be
 */
export function createPages(options: PagesOptions = {}): Pages {
  const { views = {}, texts, formTargets = [], clock = systemClock } = options
  checkViews(views)
  checkTargets(formTargets)
  const catalogues = createCatalogues(texts)
  const { locales } = catalogues
  const document = (page: Page): string => {
    const text = (each: Text) => catalogues.text(each, page.locale)
    const writer: Writer = { locale: page.locale, now: clock.now(), text }
    const render = renderers[page.page] as (page: Page, writer: Writer) => View
    return layout(page, render(page, writer), writer)
  }
  return {
    locales,
    chooseLocale: (acceptLanguage) => chooseLocale(acceptLanguage, locales),
    text: (text, locale) => catalogues.text(text, locale),
    async render(page) {
      const own = views[page.page] as PageView | undefined
      if (!own) return answer(page, document(page), policyOf(page.brand, formTargets))
      const tools: PageTools = { text: (text) => catalogues.text(text, page.locale), ours: () => document(page) }
      const made = await own(page, tools)
      return typeof made === 'string' ? answer(page, made, policyOfOwnView) : toLight(made)
    },
  }
}

function checkViews(views: PageViews): void {
  for (const [name, view] of Object.entries(views)) {
    if (!Object.hasOwn(renderers, name)) {
      throw new TypeError(`views.${name}: there is no such page; there are ${Object.keys(renderers).join(', ')}`)
    }
    if (view !== undefined && typeof view !== 'function') throw new TypeError(`views.${name} must be a function`)
  }
}

function checkTargets(targets: readonly string[]): void {
  for (const target of targets) {
    if (!URL.canParse(target) || new URL(target).origin !== target) {
      throw new TypeError(`formTargets: ${JSON.stringify(target)} must be an origin such as https://app.example.com`)
    }
  }
}

function answer(page: Page, body: string, policy: string): LightResponse {
  return {
    status: page.page === 'error' || page.page === 'unauthorized' ? page.status : 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      // with no-referrer, browsers would post our forms with `Origin: null`; this tells no path either
      'Referrer-Policy': 'strict-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
    body,
  }
}

async function toLight(response: Response): Promise<LightResponse> {
  const headers: LightResponse['headers'] = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) }
}
