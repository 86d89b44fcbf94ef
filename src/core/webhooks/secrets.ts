import { randomBytes } from 'node:crypto'
import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Context, Services, Work } from '../context.ts'

type Column = 'secret' | 'previousSecret'

export const secretPlace = (tenant: string, row: string, column: Column) => ({ tenant, table: 'webhook', row, column })

/** As Standard Webhooks write secrets: base64 of 32 random bytes after a prefix. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** The clear secret of a webhook. */
export function openWebhookSecret({ seal }: Pick<Services, 'seal'>, webhook: Entity<'webhook'>): string {
  return String(seal.open(webhook.secret, secretPlace(webhook.tenant, webhook.id, 'secret')))
}

/** All with which a post is signed now, the newest first. */
export function secretsOf({ seal, clock }: Pick<Services, 'seal' | 'clock'>, webhook: Entity<'webhook'>): string[] {
  const { tenant, id, previousSecret, previousSecretExpiresAt } = webhook
  const present = openWebhookSecret({ seal }, webhook)
  const stillGood = previousSecret !== null && (previousSecretExpiresAt ?? 0) > clock.now()
  return stillGood ? [present, String(seal.open(previousSecret, secretPlace(tenant, id, 'previousSecret')))] : [present]
}

/**
 * Gives a webhook a new secret; the present one signs too for `overlap` milliseconds.
 * @throws Problem notFound
 */
export async function rotateWebhookSecret(
  services: Services,
  open: (tx: Work['tx'], context: Context) => Work,
  context: Context,
  id: string,
  overlap: number,
): Promise<Entity<'webhook'>> {
  const { seal, store } = services
  return store.write(async (tx) => {
    const work = open(tx, context)
    const before = (await tx.lock('webhook', context.tenant, id)) ?? refuse('notFound', {})
    const present = openWebhookSecret(services, before)
    const keeps = overlap > 0
    return work.change('webhook', before, {
      values: {
        secret: seal.seal(newWebhookSecret(), secretPlace(context.tenant, id, 'secret')),
        previousSecret: keeps ? seal.seal(present, secretPlace(context.tenant, id, 'previousSecret')) : null,
        previousSecretExpiresAt: keeps ? work.now + overlap : null,
      },
    })
  })
}
