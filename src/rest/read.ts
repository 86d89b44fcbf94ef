import { type ResourceName, registry } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type Call, idOf, reply } from './call.ts'
import { unchanged } from './conditional.ts'
import { hasTag, presentOne, tagged, viewOf } from './present.ts'

/** GET of one resource or nested part. Parameters it does not know are ignored (contract/rest.md 1.9 e). */
export async function read(call: Call, { resource }: { resource: ResourceName }): Promise<LightResponse> {
  const view = viewOf(call, registry[resource])
  const entity = (await call.engine.read(call.context, resource, idOf(call))) ?? refuse('notFound', {})
  const answer = hasTag(view) ? unchanged(call, entity.modifiedAt) : undefined
  return answer ?? tagged(reply(call, 200, await presentOne(call, resource, entity, view)), entity, view)
}

/** Where the caller's own tenant is; nothing may keep the answer (contract/rest.md 1.4, 1.12). */
export async function redirectToTenant({ hrefs, context, query }: Call): Promise<LightResponse> {
  const href = hrefs.toHref('tenant', context.tenant)
  return {
    status: 302,
    headers: {
      Location: query === '' ? href : `${href}?${query}`,
      'Stormpath-Request-Id': context.requestId,
      'X-Request-Id': context.requestId,
      'Cache-Control': 'no-cache, no-store, must-revalidate, max-age=0, proxy-revalidate, no-transform',
      Pragma: 'no-cache',
      Expires: '0',
    },
    body: undefined,
  }
}
