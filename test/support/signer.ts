/**
 * Signs requests with SAuthc1 as the old SDKs do, each with its own habits. Written from contract/rest.md §2.3, §2.4 and
 * §26 without a look at the verifier, and sharing no code with it: two readings of one page must agree.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto'

export interface SigningKey {
  id: string
  secret: string
}

/** A request as a program thinks of it: nothing is encoded yet. */
export interface PlainRequest {
  method: string
  /** Scheme, host and port. */
  origin: string
  path: string
  query?: readonly (readonly [string, string])[]
  headers?: Record<string, string>
  body?: string
}

/** A request as it goes over the wire. */
export interface WireRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

export interface SigningOptions {
  /** Milliseconds; now when absent. */
  at?: number
  nonce?: string
}

/** The habits of one family of clients. */
interface Dialect {
  /** The path on the wire. */
  writePath(path: string): string
  /** The path in the signature, from the plain one and the one on the wire. */
  signPath(path: string, wire: string): string
  writeQueryPart(text: string): string
  sortQuery(pairs: readonly (readonly [string, string])[]): string[]
  /** What it adds to the headers of the program. */
  ownHeaders(url: URL, body: string | undefined): Record<string, string>
  /** Names in the order of the signature, as they are spelt on the wire. */
  signedNames(names: readonly string[]): string[]
  signHost(url: URL): string
}

/** `application/x-www-form-urlencoded` as `java.net.URLEncoder` writes it. */
const form = (text: string): string => percent(text, /[\w.*-]/).replaceAll('%20', '+')

/** What all of them sign in place of their form encoding. */
const canonical = (text: string): string =>
  form(text).replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~')

const canonicalPath = (path: string): string => canonical(path).replaceAll('%2F', '/')

/** Every byte of UTF-8 as `%XX`, but for the characters that `kept` matches. */
function percent(text: string, kept: RegExp): string {
  let encoded = ''
  for (const character of text) {
    if (kept.test(character) && character.charCodeAt(0) < 128) encoded += character
    else for (const byte of Buffer.from(character)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

const byName = (a: readonly [string, string], b: readonly [string, string]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
const byNameAndValue = (a: readonly [string, string], b: readonly [string, string]): number =>
  byName(a, b) || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)
const byEncodedName = (a: readonly [string, string], b: readonly [string, string]): number =>
  byName([canonical(a[0]), ''], [canonical(b[0]), ''])
const toText = ([name, value]: readonly [string, string]): string => `${canonical(name)}=${canonical(value)}`

const caseInsensitively = (a: string, b: string): number => {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

const jsonHeaders = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'Content-Type': 'application/json' }
const lengthOf = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }

const java: Dialect = {
  writePath: (path) => percent(path, /[\w.~*/-]/),
  signPath: canonicalPath,
  writeQueryPart: form,
  sortQuery: (pairs) => pairs.toSorted(byName).map(toText),
  ownHeaders: (_, body) => ({
    Accept: 'application/json',
    'User-Agent': 'stormpath-sdk-java/1.0 Java/1.8.0_60 (HotSpot(TM)) Linux/3.16',
    ...jsonHeaders(body),
  }),
  signedNames: (names) => names.toSorted(caseInsensitively),
  signHost: (url) => url.host,
}

const python: Dialect = {
  ...java,
  writePath: (path) => percent(path, /[\w.~!'()*:,+/-]/),
  signPath: (_, wire) => wire,
  writeQueryPart: (text) => form(text).replaceAll('*', '%2A'),
  sortQuery: (pairs) => pairs.toSorted(byNameAndValue).map(toText),
  ownHeaders: (_, body) => ({
    'Accept-Encoding': 'gzip, deflate',
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'stormpath-sdk-python/2.5 python/3.5 linux2',
    'a-lower-case-one': 'sorted last, since its case counts',
    ...lengthOf(body),
  }),
  signedNames: (names) => names.filter((name) => !['Content-Length', 'Connection'].includes(name)).toSorted(),
}

const ruby: Dialect = {
  ...java,
  writePath: (path) => percent(path, /[\w.~!'()*:,;=@+$&/-]/),
  signPath: (_, wire) => wire,
  sortQuery: (pairs) => pairs.map(toText).toSorted(),
  signedNames: (names) => names.toSorted(),
}

const php: Dialect = {
  ...java,
  writePath: (path) => percent(path, /[\w.~/-]/),
  writeQueryPart: (text) => form(text).replaceAll('*', '%2A'),
  sortQuery: (pairs) => pairs.toSorted(byEncodedName).map(toText),
  ownHeaders: (_, body) => ({ Accept: 'application/json', 'User-Agent': 'stormpath-sdk-php', ...jsonHeaders(body) }),
  signHost: (url) => url.hostname,
}

/** Leaves `( ) : , * +` as they are where they can stand and signs them escaped; signs length and referer, too. */
const bare: Dialect = {
  ...java,
  writePath: (path) => percent(path, /[\w.~():,*+/-]/),
  writeQueryPart: (text) => percent(text, /[\w.~():,*-]/),
  sortQuery: (pairs) => pairs.map(toText).toSorted(),
  ownHeaders: (url, body) => ({ Referer: `${url.origin}/console`, ...jsonHeaders(body), ...lengthOf(body) }),
}

/** The rule of §26 to the letter: the path is signed as it is on the wire, but for three replacements. */
const literal: Dialect = {
  ...bare,
  writePath: (path) => percent(path, /[\w.():,*/-]/),
  signPath: (_, wire) => wire.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~'),
}

export const dialects = { java, python, ruby, php, bare, literal } satisfies Record<string, Dialect>
export type DialectName = keyof typeof dialects

/** The request as a client of that family would send it. */
export function sign(
  name: DialectName,
  key: SigningKey,
  request: PlainRequest,
  { at = Date.now(), nonce = randomUUID() }: SigningOptions = {},
): WireRequest {
  const dialect: Dialect = dialects[name]
  const { method, body, query = [] } = request
  const path = dialect.writePath(request.path)
  const written = query.map((pair) => pair.map(dialect.writeQueryPart).join('=')).join('&')
  const url = `${request.origin}${path}${written && `?${written}`}`
  const origin = new URL(request.origin)

  const timestamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const date = timestamp.slice(0, 8)
  const headers: Record<string, string> = {
    ...dialect.ownHeaders(origin, body),
    ...request.headers,
    Host: origin.host,
    'X-Stormpath-Date': timestamp,
  }
  const names = dialect.signedNames(Object.keys(headers))
  const lines = names.map((each) => {
    const value = each === 'Host' ? dialect.signHost(origin) : (headers[each] as string)
    return `${each.toLowerCase()}:${value.trim()}\n`
  })
  const signedHeaders = names.map((each) => each.toLowerCase()).join(';')
  const canonicalRequest = [
    method,
    dialect.signPath(request.path, path) || '/',
    dialect.sortQuery(query).join('&'),
    lines.join(''),
    signedHeaders,
    sha256(body ?? ''),
  ].join('\n')

  const id = `${key.id}/${date}/${nonce}/sauthc1_request`
  const stringToSign = ['HMAC-SHA-256', timestamp, id, sha256(canonicalRequest)].join('\n')
  let signing = Buffer.from(`SAuthc1${key.secret}`)
  for (const step of [date, nonce, 'sauthc1_request', stringToSign]) {
    signing = createHmac('sha256', signing).update(step).digest()
  }
  headers.Authorization = `SAuthc1 sauthc1Id=${id}, sauthc1SignedHeaders=${signedHeaders}, sauthc1Signature=${signing.toString('hex')}`
  return { method, url, headers, ...(body !== undefined && { body }) }
}

export interface SignedFetchOptions {
  key: SigningKey
  dialect: DialectName
  now?: () => number
  /** Sends the signed request; the network's `fetch` when absent. */
  send?: (request: WireRequest) => Promise<Response>
}

/**
 * A `fetch` that signs what it sends. The URL may be encoded in any way: it is read, then written as the dialect does.
 *
 * @example await createSignedFetch({ key, dialect: 'python' })('http://localhost:3000/v1/tenants/current')
 */
export function createSignedFetch({ key, dialect, now = Date.now, send = sendByFetch }: SignedFetchOptions) {
  return (input: string | URL, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
    const { origin, pathname, searchParams } = new URL(input)
    const request = { method: 'GET', ...init, origin, path: decodeURIComponent(pathname), query: [...searchParams] }
    return send(sign(dialect, key, request, { at: now() }))
  }
}

function sendByFetch({ url, ...init }: WireRequest): Promise<Response> {
  return fetch(url, { ...init, redirect: 'manual' })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
