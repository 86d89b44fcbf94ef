import type { Json } from '../conformance/client.ts'
import { startReceiver } from '../support/receiver.ts'
import { describeAttacks, type Target, unique } from './attack.ts'

/** What became of the first post of a new webhook at `url`. */
async function postTo(target: Target, url: string): Promise<Json> {
  const { href, deliveries } = await target.create('/webhooks', { url, eventTypes: ['directory.created'] })
  await target.create('/directories', { name: unique('Directory') })
  await target.app.deliverWebhooks()
  const [delivery] = (await target.read(deliveries.href)).items
  await target.remove(href)
  return delivery
}

const INSIDE = [
  'https://127.0.0.1:1/',
  'https://0x7f.1:1/',
  'https://2130706433:1/',
  'https://[::1]:1/',
  'https://[::ffff:10.0.0.1]:1/',
  'https://169.254.169.254/',
  'https://10.0.0.1/',
  'https://192.168.1.1/',
  'https://localhost:1/',
]

describeAttacks('Webhooks', [
  {
    id: 'ATTACK-K1 ATTACK-K5',
    title: 'posting to addresses inside, by every spelling',
    guard: 'the look at the address',
    edits: [
      {
        file: 'std/reachable.ts',
        find: 'allowInside || !isInside(each)',
        replace: 'allowInside || each !== undefined',
      },
    ],
    made: { webhooksOutside: true },
    async run(target) {
      for (const url of INSIDE) {
        const { fault } = await postTo(target, url)
        if (fault !== 'addressNotAllowed') return `${url}: ${fault}`
      }
    },
  },
  {
    id: 'ATTACK-K1',
    title: 'letting the name server answer differently the second time',
    guard: 'the connection to the address that was looked at',
    // The name leads outside when it is looked at, and inside a moment later.
    probe: [
      {
        file: 'std/reachable.ts',
        find: 'await lookup(name, { all: true })',
        replace: "(await lookup(name, { all: true })) && [{ address: '203.0.113.1' }]",
      },
      { file: 'webhooks/post.ts', find: 'timeout = 15_000', replace: 'timeout = 2_000' },
      {
        file: 'webhooks/post.ts',
        find: "if (target.protocol !== 'https:' && !allowInside)",
        replace: 'if (target.port === "")',
      },
      {
        file: 'core/webhooks/webhooks.ts',
        find: "if (webhooks.allowPrivateTargets || url.startsWith('https:')) return",
        replace: 'if (url) return',
      },
    ],
    edits: [{ file: 'webhooks/post.ts', find: 'lookup: always(address),', replace: '' }],
    made: { webhooksOutside: true },
    async run(target) {
      await using receiver = await startReceiver()
      await postTo(target, receiver.url.replace('127.0.0.1', 'localhost'))
      return receiver.received.length > 0 ? 'what listens inside got the post' : undefined
    },
  },
  {
    id: 'GOAL-M5',
    title: 'reading the secret of a webhook in the database',
    guard: 'the seal',
    edits: [
      {
        file: 'core/webhooks/webhooks.ts',
        find: "services.seal.seal(newWebhookSecret(), secretPlace(context.tenant, values.id, 'secret'))",
        replace: 'newWebhookSecret() + void secretPlace',
      },
      {
        file: 'core/webhooks/secrets.ts',
        find: "return String(seal.open(webhook.secret, secretPlace(webhook.tenant, webhook.id, 'secret')))",
        replace: 'void [seal]\n  return webhook.secret',
      },
    ],
    async run(target) {
      const { href } = await target.create('/webhooks', { url: 'https://example.com/', status: 'DISABLED' })
      const tenant = (await target.tenant()).href.split('/').at(-1)
      const id = href.split('/').at(-1)
      const stored = await target.app.engine.services.store.get('webhook', tenant, id)
      return stored?.secret.startsWith('whsec_') ? 'it is stored in clear' : undefined
    },
  },
])
