import { isIdLike } from '../std/id.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/** What the router needs of a route: `path` as in `/accounts/:id/customData/:field`. */
export interface RoutePattern {
  method: Method
  path: string
}

export interface Match<R> {
  /** The routes of the path by method. */
  routes: ReadonlyMap<Method, R>
  /** Segments at the places of `:names`, still encoded, in their order. */
  params: readonly string[]
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>
  param: Node<R> | undefined
  /** The parameter is an id: only what could be one matches. */
  id: boolean
  readonly routes: Map<Method, R>
}

/**
 * Finds routes by walking a tree, one map look-up a segment. Literal segments go before parameters, empty ones (doubled
 * slashes, a slash at the end) count for nothing, case and percent-encoding count.
 *
 * @param prefix path before every route, as `/v1`
 */
export function createRouter<R extends RoutePattern>(
  routes: readonly R[],
  prefix: string,
): (path: string) => Match<R> | undefined {
  const root = createNode<R>()
  for (const route of routes) insert(root, segmentsOf(prefix + route.path), route)
  return (path) => {
    const params: string[] = []
    let node = root
    for (let start = 0; start < path.length; ) {
      const slash = path.indexOf('/', start)
      const end = slash === -1 ? path.length : slash
      if (end > start) {
        const next = step(node, path.slice(start, end), params)
        if (!next) return undefined
        node = next
      }
      start = end + 1
    }
    return node.routes.size > 0 ? { routes: node.routes, params } : undefined
  }
}

function createNode<R>(): Node<R> {
  return { literals: new Map(), param: undefined, id: false, routes: new Map() }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter(Boolean)
}

function insert<R extends RoutePattern>(root: Node<R>, segments: readonly string[], route: R): void {
  let node = root
  for (const segment of segments) {
    let next = segment.startsWith(':') ? node.param : node.literals.get(segment)
    if (!next) {
      next = createNode<R>()
      next.id = segment === ':id'
      if (segment.startsWith(':')) node.param = next
      else node.literals.set(segment, next)
    }
    node = next
  }
  if (node.routes.has(route.method)) throw new Error(`${route.method} ${route.path} is declared twice`)
  node.routes.set(route.method, route)
}

function step<R>(node: Node<R>, segment: string, params: string[]): Node<R> | undefined {
  const literal = node.literals.get(segment)
  if (literal) return literal
  const { param } = node
  if (!param || (param.id && !isIdLike(segment))) return undefined
  params.push(segment)
  return param
}
