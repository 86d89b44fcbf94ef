import { type ResourceName, registry } from '../../resources/registry.ts'
import type { Resource } from '../../schema/resource.ts'
import { toIso } from '../../std/iso.ts'
import type { Services } from '../context.ts'
import { resourceAt } from '../href.ts'
import type { LoggedEvent } from '../ports.ts'

/**
 * What is posted, in the shape that Standard Webhooks suggest: the type, the moment, and the data, which here say what
 * happened to what, and never values. Whoever wants those asks the API.
 */
export function toPayload({ hrefs }: Pick<Services, 'hrefs'>, { position, event }: LoggedEvent): string {
  const { resource, id } = event.resource
  const { path, nested }: Resource = registry[resource as ResourceName] ?? { path: '' }
  const href = !nested && resourceAt(path) === resource ? hrefs.toHref(resource, id) : undefined
  return JSON.stringify({
    type: event.type,
    timestamp: toIso(event.at),
    data: {
      href: hrefs.toHref('event', event.id),
      position,
      target: { type: resource, id, ...(href !== undefined && { href }) },
      actor: { type: event.actor.kind, id: event.actor.id },
      changed: event.changed,
      requestId: event.requestId,
    },
  })
}
