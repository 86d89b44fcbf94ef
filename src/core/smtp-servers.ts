import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import type { Behaviour, Services } from './context.ts'
import type { MailServer, Reader } from './ports.ts'

type Server = Entity<'smtpServer'>

/** What decides whether the server can be used. */
const TRIED = ['host', 'port', 'username', 'password', 'securityProtocol'] as const

/** contract/rest.md 3.4 */
export const smtpServers: Behaviour<'smtpServer'> = {
  async prepare(services, context, { values }) {
    if (await ownServer(services.store, context.tenant)) refuse('mailServerExists', {})
    const server = values as Server
    await tryOut(services, { ...server, securityProtocol: server.securityProtocol ?? null })
    values.id = services.ids.next()
    values.password = seal(services, context.tenant, values.id, server.password)
  },

  async creating(work) {
    // Others that want to make one wait here.
    await work.tx.lock('tenant', work.context.tenant, work.context.tenant)
    if (await ownServer(work.tx, work.context.tenant)) refuse('mailServerExists', {})
  },

  async prepareUpdate(services, context, before, { values }) {
    if (!TRIED.some((name) => values[name] !== undefined && values[name] !== before[name])) return
    const password = values.password ?? passwordOf(services, before)
    await tryOut(services, { ...before, ...values, password })
    if (values.password !== undefined) values.password = seal(services, context.tenant, before.id, password)
  },
}

/** The server of a tenant, if it has one. */
export async function ownServer(reader: Pick<Reader, 'list'>, tenant: string): Promise<Server | undefined> {
  const { items } = await reader.list({
    resource: 'smtpServer',
    tenant,
    scope: { by: 'tenant', id: tenant },
    offset: 0,
    limit: 1,
  })
  return items[0]
}

/** The server with its password in clear. */
export function toMailServer(services: Pick<Services, 'seal'>, server: Server): MailServer {
  return { ...server, password: passwordOf(services, server) }
}

const place = (tenant: string, row: string) => ({ tenant, table: 'smtpServer', row, column: 'password' })

function seal(services: Services, tenant: string, id: string, password: string): string {
  return services.seal.seal(password, place(tenant, id))
}

function passwordOf({ seal }: Pick<Services, 'seal'>, { tenant, id, password }: Server): string {
  return String(seal.open(password, place(tenant, id)))
}

async function tryOut({ mail }: Services, server: MailServer): Promise<void> {
  const { host, port, username, password, securityProtocol } = server
  const fault = await mail.check({ host, port, username, password, securityProtocol })
  if (fault === 'unreachable') refuse('mailServerUnreachable', {})
  if (fault === 'unauthenticated') refuse('mailServerUnauthenticated', {})
  if (fault === 'insecure') refuse('mailServerInsecure', {})
}
