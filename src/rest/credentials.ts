import type { Engine } from '../core/engine.ts'
import type { ApiKeyStanding } from '../core/ports.ts'
import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'

/** What those who verify credentials ask of the engine. */
export type Keys = Pick<Engine, 'apiKeyStanding' | 'isSecretOf' | 'secretOf' | 'claimNonce'>

/** Refuses a request for its credentials. The reason is for the log: all callers see the same answer. */
export function unauthenticated(reason: string): never {
  return refuse('unauthenticated', { reason })
}

/** The key, when it may call this API: enabled, and of an administrator. To be asked once its secret has been proved. */
export function requireAdministrator({ key, administrator }: ApiKeyStanding): Entity<'apiKey'> {
  const { id, tenant } = key
  if (key.status !== 'ENABLED') refuse('unauthenticated', { reason: 'the API key is disabled', key: { id, tenant } })
  if (!administrator) {
    const reason = 'the account of the API key does not administer the tenant'
    refuse('unauthenticated', { reason, key: { id, tenant } })
  }
  return key
}
