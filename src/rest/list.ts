import type { Ref } from '../core/ports.ts'
import { scopeOf } from '../core/scope-of.ts'
import { type ResourceName, registry } from '../resources/registry.ts'
import type { ToMany } from '../schema/link.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type Call, idOf, reply } from './call.ts'
import { criteriaOf, orderOf, toCollection } from './collection.ts'
import { boundExpansion } from './expand.ts'
import { present, viewOf } from './present.ts'
import { parseListQuery } from './search-params.ts'

interface ListOperation {
  resource: ResourceName
  owner: ResourceName
  link: string
  root: boolean
}

/** GET of a collection: one page of what the query string asks for (contract/rest.md 1.8 to 1.11). */
export async function list(call: Call, { resource, owner, link: name, root }: ListOperation): Promise<LightResponse> {
  const link = (registry[owner] as Resource).links[name] as ToMany
  const { expand, orderBy, criteria, ...query } = parseListQuery(
    registry[resource],
    link,
    call.params,
    call.hrefs.parseHref,
  )
  const view = viewOf(call, registry[resource], expand)
  boundExpansion(view.expansions, query.limit)
  const from: Ref = { resource: owner, id: root ? call.context.tenant : idOf(call) }
  await requireOwner(call, from)
  const scope = scopeOf(link, from)
  const { items, size } = await call.engine.list(call.context, {
    resource,
    scope,
    orderBy: orderOf(link, orderBy),
    criteria: [...criteriaOf(link), ...criteria],
    ...query,
  })
  const { hrefs, representations } = call
  const href = root ? `${hrefs.base}/${registry[resource].path}` : `${representations.hrefOf(owner, from.id)}/${name}`
  const { offset, limit } = query
  return reply(
    call,
    200,
    toCollection({ href, offset, limit, size, items: await present(call, resource, items, view) }),
  )
}

/** A collection exists as long as its owner does. @throws Problem notFound */
export async function requireOwner({ engine, context }: Call, { resource, id }: Ref): Promise<void> {
  if (resource === 'tenant' && id === context.tenant) return
  if (!(await engine.read(context, resource, id))) refuse('notFound', {})
}
