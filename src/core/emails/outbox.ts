import type { Entity } from '../../resources/registry.ts'
import type { Work } from '../context.ts'
import type { MailKind } from './default-templates.ts'

/** What a queued mail carries besides the account it is about; sealed at rest. */
export interface MailPayload {
  /** Where it goes. When the account has another address by then, it is not sent: the token in it is void. */
  to: string
  token?: string
  /** Further macros. */
  extra?: Readonly<Record<string, string>>
}

export interface MailRequest extends Omit<MailPayload, 'to'> {
  kind: MailKind
  account: Pick<Entity<'account'>, 'id' | 'email'>
  /** The application through which it came about. */
  application?: string | undefined
  /** When it is of no use any more. */
  expiresAt?: number
}

/** The longest that any mail waits for a mail server. */
const MOST_WAITED = 3 * 24 * 60 * 60 * 1000

/**
 * Queues a mail in the transaction of what causes it: it is sent if and only if that is committed. Where nothing could
 * ever send it, nothing is queued.
 */
export async function queueMail(
  work: Work,
  { kind, account, application, expiresAt, ...more }: MailRequest,
): Promise<void> {
  const { tx, services, context, now } = work
  if (!services.mail.enabled && !(await hasOwnServer(work))) return
  const id = services.ids.next()
  const payload: MailPayload = { to: account.email, ...more }
  await tx.queue({
    id,
    channel: 'mail',
    tenant: context.tenant,
    kind,
    subject: account.id,
    application: application ?? null,
    payload: services.seal.seal(JSON.stringify(payload), payloadPlace(context.tenant, id)),
    createdAt: now,
    expiresAt: Math.min(expiresAt ?? Number.POSITIVE_INFINITY, now + MOST_WAITED),
  })
}

export const payloadPlace = (tenant: string, id: string) => ({ tenant, table: 'outbox', row: id, column: 'payload' })

async function hasOwnServer({ tx, context }: Work): Promise<boolean> {
  const { items } = await tx.list({
    resource: 'smtpServer',
    tenant: context.tenant,
    scope: { by: 'tenant', id: context.tenant },
    offset: 0,
    limit: 1,
  })
  return items[0]?.status === 'ENABLED'
}
