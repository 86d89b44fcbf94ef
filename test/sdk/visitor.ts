/** A browser without pages: it keeps cookies and follows nothing. */
export interface Visitor {
  readonly cookies: Map<string, string>
  get(path: string, accept?: string): Promise<Response>
  /** Sends a form. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
}

export function createVisitor(site: string): Visitor {
  const cookies = new Map<string, string>()
  const visit = async (path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${site}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, ...(cookie && { cookie }) },
    })
    for (const text of response.headers.getSetCookie()) keep(text)
    return response
  }
  const keep = (text: string) => {
    const [pair = '', ...attributes] = text.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8)
    if (expires !== undefined && Date.parse(expires) <= Date.now()) cookies.delete(name)
    else cookies.set(name, pair.slice(name.length + 1))
  }
  return {
    cookies,
    get: (path, accept = 'text/html') => visit(path, { headers: { accept } }),
    post: (path, fields = {}, headers = {}) =>
      visit(path, {
        method: 'POST',
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
  }
}
