import type { Entity } from '../resources/registry.ts'
import { encryptSecrets, type SecretParams } from './api-key-secrets.ts'
import type { Call } from './call.ts'

/** The secrets of webhooks, as asked for. */
export function revealWebhooks(
  call: Pick<Call, 'engine' | 'caller'>,
  webhooks: readonly Entity<'webhook'>[],
  params: SecretParams,
): Promise<ReadonlyMap<string, string>[]> {
  return encryptSecrets(
    call,
    webhooks.map((webhook) => call.engine.webhookSecretOf(webhook)),
    params,
  )
}
