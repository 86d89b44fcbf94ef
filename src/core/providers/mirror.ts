import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Reader, Ref } from '../ports.ts'

/**
 * Stands in the place of the hash of an account that only its provider logs in: no password verifies against it, and no
 * import may bring it.
 */
export const MIRRORED = '!mirrored'

export const isMirrored = ({ password }: Pick<Entity<'account'>, 'password'>): boolean => password === MIRRORED

/** Whether the accounts of a directory come from a provider; that never changes. */
export async function isMirror(reader: Pick<Reader, 'get'>, tenant: string, directory: string): Promise<boolean> {
  return (await reader.get('provider', tenant, directory)) !== undefined
}

/**
 * What is mirrored is made by its provider alone (contract/rest.md 6.2).
 * @param via the application or organization through which it was to be created
 * @throws Problem mirrorDirectory | mirrorAsDefault
 */
export async function requireCloud(
  reader: Pick<Reader, 'get'>,
  tenant: string,
  directory: string,
  holds: 'accounts' | 'groups',
  via: Ref | undefined,
): Promise<void> {
  if (!(await isMirror(reader, tenant, directory))) return
  if (!via) refuse('mirrorDirectory', {})
  refuse('mirrorAsDefault', { owner: via.resource as 'application' | 'organization', holds, store: 'directory' })
}

/**
 * Of a mirrored account a client changes its status and custom data; the rest is the provider's. What comes back as it
 * was is no change.
 * @throws Problem mirroredProperty
 */
export function requireOwn(before: Entity<'account'>, values: Partial<Entity<'account'>>): void {
  if (!isMirrored(before)) return
  for (const [property, value] of Object.entries(values)) {
    if (property !== 'status' && value !== before[property as keyof typeof before]) {
      refuse('mirroredProperty', { property })
    }
  }
}
