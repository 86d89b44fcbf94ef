import { setTimeout as pause } from 'node:timers/promises'
import type { Client, Json } from '../conformance/client.ts'

/** Where nobody listens, which is known at once. */
export const NOWHERE = 'http://127.0.0.1:1/hook'

/** A webhook that has tried to post the event of its own making, and is off since; with that delivery. */
export async function triedWebhook(client: Client): Promise<{ webhook: Json; delivery: Json }> {
  const { href, deliveries } = await client.create('/webhooks', { url: NOWHERE, eventTypes: ['webhook.created'] })
  for (let tries = 0; tries < 2000; tries++) {
    const [delivery] = (await client.read(deliveries.href)).items
    if (delivery?.attempts > 0) {
      return { webhook: await client.update(href, { status: 'DISABLED' }), delivery: await client.read(delivery.href) }
    }
    await pause(10)
  }
  throw new Error('the event was not posted')
}
