import type { ToOne } from './link.ts'
import { isObject } from './parse-attribute.ts'
import { refuse } from './problems.ts'

export interface Reference {
  resource: string
  id: string
}

export interface LinkHelpers {
  /** What an href names; undefined when it is no address of a resource of this server. */
  toRef(href: string): Reference | undefined
}

/**
 * A `{ "href": … }` in a body: the target's id, or the reference where a link has several kinds of target. That the
 * target exists is for the engine to say.
 *
 * @throws Problem required | wrongType | invalid
 */
export function parseToOne(
  resource: string,
  property: string,
  { required, targets }: Pick<ToOne, 'required' | 'targets'>,
  value: unknown,
  helpers: LinkHelpers,
): Reference | string | undefined {
  if (value === undefined || value === null) {
    return required ? refuse('required', { resource, property }) : undefined
  }
  const reference = parseReference(property, targets, value, helpers)
  return targets.length > 1 ? reference : reference.id
}

/** @throws Problem wrongType | invalid */
export function parseReference(
  property: string,
  targets: readonly string[],
  value: unknown,
  { toRef }: LinkHelpers,
): Reference {
  if (!isObject(value)) return refuse('wrongType', { property, expected: 'an object with an href' })
  const href = Object.hasOwn(value, 'href') ? value.href : undefined
  const reference = typeof href === 'string' ? toRef(href) : undefined
  if (reference === undefined)
    return refuse('invalid', { property, reason: 'its href is no address of a resource here' })
  if (targets.includes(reference.resource)) return reference
  return refuse('invalid', { property, reason: `it does not link to a resource of kind ${targets.join(' or ')}` })
}
