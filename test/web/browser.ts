/** What a person or a program sees of an answer. */
export interface Page {
  status: number
  headers: Headers
  text: string
  location: string | undefined
  /** `Set-Cookie` values. */
  setCookies: string[]
  /** Undefined where the answer is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at JSON of any shape
  json: any
}

export interface Ask {
  method?: string
  accept?: string | undefined
  headers?: Record<string, string>
  body?: string | undefined
}

export const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
export const json = 'application/json'

/** Says from where a browser asks, to sites that are made to believe it. */
export const addressHeader = 'x-test-address'
let browsers = 0

/** A browser with its cookies, or an API client, in a network of its own; it follows nothing by itself. */
export class Browser {
  readonly base: string
  readonly cookies = new Map<string, string>()
  /** The last page with a form. */
  page: Page | undefined
  address = `10.${(++browsers >> 8) & 255}.${browsers & 255}.1`

  constructor(base: string) {
    this.base = base
  }

  async ask(path: string, { method = 'GET', accept, headers = {}, body }: Ask = {}): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, this.base), {
      method,
      redirect: 'manual',
      headers: {
        [addressHeader]: this.address,
        ...(accept === undefined ? {} : { accept }),
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const setCookies = response.headers.getSetCookie()
    for (const each of setCookies) this.#keep(each)
    const page: Page = {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('location') ?? undefined,
      setCookies,
      json: /^[[{]/.test(text) ? JSON.parse(text) : undefined,
    }
    if (text.includes('name="_csrf"')) this.page = page
    return page
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    const expires = /; Expires=([^;]+)/.exec(cookie)?.[1]
    if (expires !== undefined && Date.parse(expires) <= 0) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  visit(path: string): Promise<Page> {
    return this.ask(path, { accept: html })
  }

  getJson(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.ask(path, { accept: json, headers })
  }

  postJson(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Page> {
    const sent = { 'content-type': 'application/json', ...headers }
    return this.ask(path, { method: 'POST', accept: json, headers: sent, body: JSON.stringify(body) })
  }

  /** Posts a form as a page of the site would; the token is that of the last page unless given. */
  postForm(
    path: string,
    fields: Record<string, string>,
    {
      csrf = this.csrf,
      headers = {},
      accept = html,
    }: { csrf?: string | null; headers?: Record<string, string>; accept?: string } = {},
  ): Promise<Page> {
    const body = new URLSearchParams({ ...(csrf === null ? {} : { _csrf: csrf }), ...fields }).toString()
    const sent = { 'content-type': 'application/x-www-form-urlencoded', ...headers }
    return this.ask(path, { method: 'POST', accept, headers: sent, body })
  }

  /** Visits a page and sends its form. */
  async submit(path: string, fields: Record<string, string>): Promise<Page> {
    const page = await this.visit(path)
    if (page.status !== 200) return page
    const form = formOf(page.text, path.split('?')[0] as string)
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? path
    return this.postForm(action.replaceAll('&amp;', '&'), { ...hiddenOf(form), ...fields })
  }

  get csrf(): string {
    return /name="_csrf" value="([^"]+)"/.exec(this.page?.text ?? '')?.[1] ?? ''
  }
}

/** The form of a page that is posted to a path, or the first one. */
function formOf(text: string, path: string): string {
  const forms = text.match(/<form[\s\S]*?<\/form>/g) ?? []
  return forms.find((form) => form.includes(`action="${path}"`)) ?? forms[0] ?? ''
}

/** Hidden fields of a form but its token. */
function hiddenOf(form: string): Record<string, string> {
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(
    fields
      .map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')])
      .filter(([name]) => name !== '_csrf'),
  )
}
