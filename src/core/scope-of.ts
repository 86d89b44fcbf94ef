import type { ToMany } from '../schema/link.ts'
import type { Ref, Scope } from './ports.ts'

/** Where the members of a collection link are drawn from, as seen from its owner. */
export function scopeOf({ source }: Pick<ToMany, 'source'>, owner: Ref): Scope {
  if ('view' in source) return { view: source.view, of: owner }
  if ('by' in source) return { by: source.by, id: owner.id }
  return { through: source.through as Ref['resource'], from: source.from, to: source.to, id: owner.id }
}
