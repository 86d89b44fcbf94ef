import type { Entity } from '../../resources/registry.ts'
import { requestId } from '../../std/id.ts'
import { toLine } from '../../std/mail-address.ts'
import type { Context, Services, Work } from '../context.ts'
import { queueMail } from './outbox.ts'

const KIND = 'mailServerFailure'
const DAY = 24 * 60 * 60 * 1000

/** Tells the owner of a tenant, once a day at most, that its own mail server fails (contract/rest.md 3.4). */
export async function reportMailServerFailure(
  services: Services,
  openWork: (tx: Work['tx'], context: Context) => Work,
  server: Entity<'smtpServer'>,
  reason: string,
): Promise<void> {
  const context: Context = { tenant: server.tenant, actor: { kind: 'system', id: 'mail' }, requestId: requestId() }
  await services.store.write(async (tx) => {
    const work = openWork(tx, context)
    // Of several senders that notice at once, one tells.
    const current = await tx.lock('smtpServer', server.tenant, server.id)
    if (!current || (await tx.peek(server.tenant, KIND, server.id, work.now)) !== undefined) return
    const owner = (await tx.get('tenant', server.tenant, server.tenant))?.ownerAccount
    const account = owner && (await tx.get('account', server.tenant, owner))
    if (!account) return
    await tx.issue(server.tenant, KIND, server.id, '', work.now + DAY)
    await queueMail(work, { kind: 'mailServerFailed', account, extra: { reason: toLine(reason).slice(0, 200) } })
  })
}
