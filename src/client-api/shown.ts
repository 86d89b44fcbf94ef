import type { Hrefs } from '../core/href.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { isHeld } from '../schema/attribute.ts'
import type { Resource } from '../schema/resource.ts'
import { toIso } from '../std/iso.ts'

/**
 * A resource as front ends see it: its address where it has one, times and attributes, no links. Nothing that is sealed or
 * secret, nothing that is made from secrets (defaults.md: such things leave by the back channel alone).
 */
export function toShown(hrefs: Hrefs, resource: ResourceName, entity: Entity): Record<string, unknown> {
  const { attributes, nested, showsId }: Resource = registry[resource]
  const row = entity as Readonly<Record<string, unknown>>
  const shown: Record<string, unknown> = {
    ...(!nested && { href: hrefs.toHref(resource, entity.id) }),
    ...(showsId && { id: entity.id }),
    createdAt: toIso(entity.createdAt),
    modifiedAt: toIso(entity.modifiedAt),
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'joined') {
      const present = attribute.from.map((part) => row[part]).filter((part) => part !== null)
      shown[name] = present.length === 0 ? null : present.join(' ')
      continue
    }
    if (!isHeld(attribute) || attribute.hidden || attribute.secret) continue
    if ('sealed' in attribute && attribute.sealed) continue
    const value = row[name] ?? null
    shown[name] = attribute.kind === 'datetime' && value !== null ? toIso(value as number) : value
  }
  return shown
}
