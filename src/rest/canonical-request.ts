import { hash } from 'node:crypto'
import type { LightRequest } from '../std/exchange.ts'
import { decodeForm, decodePercent, encodeRfc3986 } from '../std/form-encoding.ts'

/**
 * The texts that SAuthc1 clients of several languages may have signed for one and the same request, the likeliest first
 * (contract/rest.md §2.3, §2.4, §26). They differ in how host, path and query are written, never in what they mean: a
 * signature made for one request must not fit another. None at all when a signed header did not arrive or the query
 * cannot be read.
 */
export function* canonicalRequests(
  request: LightRequest,
  body: Uint8Array,
  signedHeaders: readonly string[],
): Generator<string> {
  const headers = canonicalHeaders(request, signedHeaders)
  const paths = canonicalPaths(request.path)
  const end = `${signedHeaders.join(';')}\n${body.length === 0 ? hashOfNothing : hash('sha256', body, 'hex')}`
  for (const query of canonicalQueries(request.query)) {
    for (const path of paths) {
      for (const lines of headers) yield `${request.method}\n${path}\n${query}\n${lines}\n${end}`
    }
  }
}

const hashOfNothing = hash('sha256', '', 'hex')

/** One line for each signed header. A client may leave a port of its own out of the host it signs. */
function canonicalHeaders(request: LightRequest, names: readonly string[]): Iterable<string> {
  let headers = ''
  let withoutPort = ''
  for (const name of names) {
    const values = request.headerValues(name)
    if (values.length === 0) return []
    const value = values.length === 1 ? (values[0] as string).trim() : values.map((each) => each.trim()).join()
    headers += `${name}:${value}\n`
    withoutPort += `${name}:${name === 'host' ? value.replace(/:\d+$/, '') : value}\n`
  }
  return headers === withoutPort ? [headers] : [headers, withoutPort]
}

/**
 * The path encoded anew from what it says, as sent, and as sent but for `*` and `~`. A `+` stays a plus: it is one to the
 * router, too, and whoever meant a blank wrote `%20`. A `%2F` becomes a slash, as the rule has it: no name in a path
 * holds one.
 */
function canonicalPaths(path: string): Iterable<string> {
  if (path === '') return ['/']
  if (unreserved.test(path)) return [path]
  const decoded = decodePercent(path)
  const asSent = path.replaceAll('*', '%2A').replaceAll('%7E', '~')
  const encoded = decoded === undefined ? path : decoded.split('/').map(encodeRfc3986).join('/')
  return new Set([encoded, path, asSent])
}

const unreserved = /^[\w.~/-]*$/

interface Pair {
  /** Decoded. */
  name: string
  value: string
  encodedName: string
  /** `name=value`, both encoded. */
  text: string
}

/** The pairs encoded anew and sorted, in each of the orders that clients have. */
function* canonicalQueries(query: string): Generator<string> {
  const pairs = query === '' ? [] : decodePairs(query)
  if (!pairs) return
  if (pairs.length < 2) return yield join(pairs)
  // A client that keeps its parameters in a map signs a pair once that it sends twice after a redirect (trap T2).
  const distinct = [...new Map(pairs.map((pair) => [pair.text, pair])).values()]
  const seen = new Set<string>()
  for (const each of distinct.length < pairs.length ? [pairs, distinct] : [pairs]) {
    for (const order of orders) {
      const text = join(each.toSorted(order))
      if (!seen.has(text)) yield text
      seen.add(text)
    }
  }
}

function decodePairs(query: string): Pair[] | undefined {
  const pairs: Pair[] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const cut = part.includes('=') ? part.indexOf('=') : part.length
    const name = decodeForm(part.slice(0, cut))
    const value = decodeForm(part.slice(cut + 1))
    if (name === undefined || value === undefined) return undefined
    const encodedName = encodeRfc3986(name)
    pairs.push({ name, value, encodedName, text: `${encodedName}=${encodeRfc3986(value)}` })
  }
  return pairs
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const orders: ((a: Pair, b: Pair) => number)[] = [
  (a, b) => compare(a.encodedName, b.encodedName) || compare(a.text, b.text),
  (a, b) => compare(a.text, b.text),
  (a, b) => compare(a.name, b.name) || compare(a.value, b.value),
]

function join(pairs: readonly Pair[]): string {
  return pairs.map(({ text }) => text).join('&')
}
