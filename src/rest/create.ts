import type { CreateOptions, Draft } from '../core/context.ts'
import type { Claim, Made } from '../core/idempotency.ts'
import type { Ref } from '../core/ports.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import type { ToMany, ToOne } from '../schema/link.ts'
import { parseBody } from '../schema/parse.ts'
import { isObject } from '../schema/parse-attribute.ts'
import { Problem } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import type { LightResponse } from '../std/exchange.ts'
import { isBrought, logInWithProvider } from './actions/provider-log-in.ts'
import { parseHelpers } from './body.ts'
import { type Call, idOf, reply } from './call.ts'
import { parseCreationFlags } from './creation-flags.ts'
import { emptyAnswer } from './headers.ts'
import { onceOf } from './idempotency.ts'
import { requireOwner } from './list.ts'
import { presentOne, tagged, type View, viewOf } from './present.ts'

interface CreateOperation {
  resource: ResourceName
  owner?: ResourceName
  link?: string
}

/** What the path says about a new resource: links it sets, or whose default store receives it. */
interface Origin {
  links: Readonly<Record<string, unknown>>
  via?: Ref
}

/** POST to a collection (contract/rest.md 1.3, 1.7). */
export async function create(call: Call, operation: CreateOperation): Promise<LightResponse> {
  const { owner, link } = operation
  const resource = owner ? operation.resource : meantBy(call.body, operation.resource)
  const declaration: Resource = registry[resource]
  const view = viewOf(call, declaration)
  const from: Ref | undefined = owner && { resource: owner, id: idOf(call) }
  if (from?.resource === 'application' && isBrought(declaration, call.body)) return logInWithProvider(call, view)
  const options: CreateOptions = parseCreationFlags(call, declaration)
  const origin = from && link ? originOf(declaration, from, link) : { links: {} }
  const { values, customData, parts } = parseBody(
    declaration,
    call.body,
    'create',
    parseHelpers(call, Object.keys(origin.links)),
  )
  const draft: Draft = {
    values: { ...values, ...origin.links } as Partial<Entity>,
    options,
    ...(customData && { customData }),
    ...(parts && { parts }),
    ...(origin.via && { via: origin.via }),
  }
  const make = async (claim?: Claim): Promise<Made> => {
    if (from) await requireOwner(call, from)
    const entity = await call.engine.create(call.context, resource, draft, claim).catch((error: unknown) => {
      if (Problem.is(error, 'ownerNotified')) return undefined
      throw error
    })
    return { resource, entity }
  }
  const once = onceOf(call)
  if (!once) return show(call, await make(), view)
  const { replayed, ...made } = await call.engine.once(call.context, once, make)
  const answer = await show(call, made, view)
  if (replayed) answer.headers['Idempotent-Replayed'] = 'true'
  return answer
}

async function show(call: Call, { resource, entity }: Made, view: View): Promise<LightResponse> {
  // The address has an account: its owner is mailed, and there is nothing to show.
  if (!entity) return emptyAnswer(202, call.context.requestId)
  const location = call.representations.hrefOf(resource, entity.id)
  return tagged(reply(call, 201, await presentOne(call, resource, entity, view), location), entity, view)
}

/** What a creation at the address of all resources of a kind is meant to create (contract/rest.md 1.13). */
function meantBy(body: unknown, asked: ResourceName): ResourceName {
  const { mistakenFor }: Resource = registry[asked]
  if (!mistakenFor || !isObject(body)) return asked
  const isMeant = Object.hasOwn(body, mistakenFor.by) && !Object.hasOwn(body, mistakenFor.insteadOf)
  return isMeant ? (mistakenFor.resource as ResourceName) : asked
}

function originOf(resource: Resource, owner: Ref, name: string): Origin {
  const { source } = (registry[owner.resource] as Resource).links[name] as ToMany
  if ('view' in source) return { links: {}, via: owner }
  if (!('by' in source) || source.by === 'tenant') return { links: {} }
  const { targets } = resource.links[source.by] as ToOne
  return { links: { [source.by]: targets.length > 1 ? owner : owner.id } }
}
