/** What a cookie is set with. (RFC 6265bis §4.1) */
export interface CookieAttributes {
  path: string
  /** Host-only without. */
  domain?: string | undefined
  /** Milliseconds since the epoch; without it the cookie ends with the browser. */
  expires?: number | undefined
  httpOnly: boolean
  secure: boolean
  sameSite: 'Lax' | 'Strict' | 'None'
}

/**
 * The first value of a cookie in a `Cookie` header; `undefined` without one. Values are taken as they are: the cookies
 * of this house need no encoding.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + 1)) {
    const end = at + name.length
    if (header.charCodeAt(end) !== 0x3d || !beginsPair(header, at)) continue
    const semicolon = header.indexOf(';', end)
    return unquote(header.slice(end + 1, semicolon === -1 ? undefined : semicolon).trim())
  }
  return undefined
}

/**
 * A `Set-Cookie` value.
 *
 * @throws {TypeError} for a name, value, path or domain that would break out of its place
 */
export function writeCookie(name: string, value: string, attributes: CookieAttributes): string {
  const { path, domain, expires, httpOnly, secure, sameSite } = attributes
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a cookie.`)
  if (!/^[\w!#$%&'()*+./:<=>?@[\]^`{|}~-]*$/.test(value))
    throw new TypeError(`The value of ${name} is no cookie value.`)
  if (!/^\/[!-:<-~]*$/.test(path)) throw new TypeError(`${JSON.stringify(path)} is no path of a cookie.`)
  if (domain !== undefined && !/^\.?[\w-]+(\.[\w-]+)*$/.test(domain)) {
    throw new TypeError(`${JSON.stringify(domain)} is no domain of a cookie.`)
  }
  let text = `${name}=${value}; Path=${path}`
  if (domain !== undefined) text += `; Domain=${domain}`
  if (expires !== undefined) text += `; Expires=${new Date(expires).toUTCString()}`
  if (httpOnly) text += '; HttpOnly'
  if (secure) text += '; Secure'
  return `${text}; SameSite=${sameSite}`
}

/** A pair begins at the start or behind a semicolon and blanks. */
function beginsPair(header: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && (header.charCodeAt(before) === 0x20 || header.charCodeAt(before) === 0x09)) before--
  return before < 0 || header.charCodeAt(before) === 0x3b
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
