import { type ResourceName, registry } from '../resources/registry.ts'
import type { Action, Link, Part, ToMany } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import type { Method } from './router.ts'

/** What a route does; read by the handler, by OpenAPI and by the tests that sweep over all routes. */
export type Operation =
  | { does: 'read' | 'update' | 'delete'; resource: ResourceName }
  /** In a collection of `owner`, or at the top level. */
  | { does: 'create'; resource: ResourceName; owner?: ResourceName; link?: string }
  /** Members of a collection of `owner`; `root` is the whole tenant's collection at the top level. */
  | { does: 'list'; resource: ResourceName; owner: ResourceName; link: string; root: boolean }
  /** All members of a collection of `owner`. */
  | { does: 'clear'; resource: ResourceName; owner: ResourceName; link: string }
  | { does: 'readCustomData' | 'mergeCustomData' | 'clearCustomData' | 'removeCustomDataField'; owner: ResourceName }
  | { does: 'act'; owner: ResourceName; link: string }
  /** A token that an action made: a look at it, and its use. */
  | { does: 'readToken' | 'useToken'; owner: ResourceName; link: string }
  /** A POST to an address that ends in a secret. */
  | { does: 'useSecret'; of: ResourceName; link: string }
  | { does: 'redirectToTenant' }
  | { does: 'describe' }

export type Route = Operation & {
  method: Method
  /** Below the base URL: `/accounts/:id`. */
  path: string
  /** Most bytes of a body. */
  bodyLimit: number
  /** Answers without credentials. */
  open?: true
}

/** defaults.md, Bounds. The large one leaves room for the members around ten megabytes of custom data. */
export const bodyLimits = {
  usual: 1024 * 1024,
  large: 10 * 1024 * 1024 + 64 * 1024,
  authentication: 32 * 1024,
} as const

const declarations = Object.values(registry) as Resource[]
const declarationOf = (name: string): Resource => registry[name as ResourceName]

/** Every route there is, derived from the declarations. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/openapi.json', does: 'describe', bodyLimit: bodyLimits.usual, open: true },
  { method: 'GET', path: '/tenants/current', does: 'redirectToTenant', bodyLimit: bodyLimits.usual },
  ...declarations.flatMap(topLevelRoutes),
  ...declarations.filter(({ nested }) => !nested).flatMap((resource) => ownRoutes(resource, `/${resource.path}/:id`)),
]

/** The collection of all resources of a kind: to create where nothing else says where, to list what the tenant lists. */
function topLevelRoutes(resource: Resource): Route[] {
  const path = `/${resource.path}`
  const found: Route[] = []
  if (resource.operations.includes('create') && canBeCreatedAnywhere(resource)) {
    found.push(post(path, { does: 'create', resource: resource.name as ResourceName }))
  }
  for (const [link, { kind, ...rest }] of Object.entries(registry.tenant.links) as [string, Link][]) {
    if (kind !== 'many' || (rest as ToMany).target !== resource.name) continue
    found.push(get(path, { does: 'list', resource: resource.name as ResourceName, owner: 'tenant', link, root: true }))
  }
  return found
}

/** Nothing but the tenant, or links in the body, say where it belongs. */
function canBeCreatedAnywhere({ nested, links }: Resource): boolean {
  if (nested) return false
  return Object.entries(links).every(
    ([name, link]) => name === 'tenant' || link.kind !== 'one' || !link.required || link.write !== 'never',
  )
}

/** The routes of one resource and of all that hangs on its address. */
function ownRoutes(resource: Resource, path: string): Route[] {
  const name = resource.name as ResourceName
  const found: Route[] = []
  if (resource.operations.includes('read')) found.push(get(path, { does: 'read', resource: name }))
  if (resource.operations.includes('update')) found.push(post(path, { does: 'update', resource: name }))
  if (resource.operations.includes('delete')) found.push(remove(path, { does: 'delete', resource: name }))
  for (const [link, declared] of Object.entries(resource.links)) {
    if (declared.kind === 'part') found.push(...partRoutes(name, declared, path))
    if (declared.kind === 'many') found.push(...collectionRoutes(name, link, declared, `${path}/${link}`))
    if (declared.kind === 'action') found.push(...actionRoutes(name, link, declared, `${path}/${link}`))
    if (declared.kind === 'secret') {
      found.push(post(`/${resource.path}/${declared.path}/:token`, { does: 'useSecret', of: name, link }))
    }
  }
  return found
}

function partRoutes(owner: ResourceName, link: Part, path: string): Route[] {
  const target = declarationOf(link.target)
  if (!target.nested) return []
  const own = `${path}/${target.path}`
  if (!target.open) return ownRoutes(target, own)
  return [
    get(own, { does: 'readCustomData', owner }),
    post(own, { does: 'mergeCustomData', owner }),
    remove(own, { does: 'clearCustomData', owner }),
    remove(`${own}/:field`, { does: 'removeCustomDataField', owner }),
  ]
}

function collectionRoutes(owner: ResourceName, link: string, { target, create, clear }: ToMany, path: string): Route[] {
  const resource = target as ResourceName
  const list = get(path, { does: 'list', resource, owner, link, root: false })
  const found = [list]
  if (create) found.push(post(path, { does: 'create', resource, owner, link }))
  if (clear) found.push(remove(path, { does: 'clear', resource, owner, link }))
  return found
}

function actionRoutes(owner: ResourceName, link: string, { tokens }: Action, path: string): Route[] {
  const act = post(path, { does: 'act', owner, link })
  if (!tokens) return [act]
  const token = `${path}/:token`
  return [act, get(token, { does: 'readToken', owner, link }), post(token, { does: 'useToken', owner, link })]
}

function get(path: string, operation: Operation): Route {
  return { method: 'GET', path, bodyLimit: bodyLimits.usual, ...operation }
}

function remove(path: string, operation: Operation): Route {
  return { method: 'DELETE', path, bodyLimit: bodyLimits.usual, ...operation }
}

function post(path: string, operation: Operation): Route {
  return { method: 'POST', path, bodyLimit: limitOf(operation), ...operation }
}

function limitOf(operation: Operation): number {
  if (['act', 'useToken', 'useSecret'].includes(operation.does)) return bodyLimits.authentication
  const large =
    operation.does === 'mergeCustomData' ||
    ((operation.does === 'create' || operation.does === 'update') && declarationOf(operation.resource).largeBody)
  return large ? bodyLimits.large : bodyLimits.usual
}
