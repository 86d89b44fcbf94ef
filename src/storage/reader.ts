import type { Reader, Ref } from '../core/ports.ts'
import type { Entity, ResourceName } from '../resources/registry.ts'
import { readAdmission, readApplicationOfLabel, readTenantOfApplication } from './admission.ts'
import { tableOf } from './columns.ts'
import { readCustomData, readCustomDataOf } from './custom-data.ts'
import type { Connection, DialectName, Value } from './database.ts'
import { wasDeleted } from './events.ts'
import { readAnswer } from './idempotency.ts'
import { keyOf } from './keys.ts'
import { peek } from './one-time.ts'
import { list } from './search/list.ts'
import { readStanding } from './standing.ts'
import { statementsOf } from './statements.ts'
import { readUsages } from './usages.ts'

/** Where reads go. Inside a transaction all go the same way. */
export interface Access {
  dialect: DialectName
  /** For what is flat. */
  fast: Connection
  /** For what may take long. */
  slow: Connection
  /** Whether `slow` stops itself at a deadline, given the sign in the statement that it needs for that. */
  bounded: boolean
  /** Called before sizes are read. */
  beforeCount?(): Promise<void>
  /** Told from how many rows the size of a counted collection was summed. */
  summed?(counted: { tenant: string; resource: ResourceName; scope: string; owner: string }, rows: number): void
}

/** The reads of a store or of a transaction. By id and by unique key they are one prepared statement. */
export function createReader(access: Access): Reader {
  const { fast } = access
  return {
    async get<N extends ResourceName>(resource: N, tenant: string, id: string) {
      const row = await fast.get(statementsOf(resource).get, [tenant, id])
      return row && (tableOf(resource).toEntity(row) as Entity<N>)
    },

    async find<N extends ResourceName>(
      resource: N,
      tenant: string,
      key: readonly string[],
      values: readonly (string | Ref)[],
    ) {
      const known = statementsOf(resource).find.get(key.join())
      if (!known) throw new Error(`${resource} has no unique key of ${key.join(', ')}`)
      const links = known.key.within ? 1 : 0
      const compared = values.map((value, at) => toCompared(resource, key[at - links], value))
      const row = await fast.get(known.sql, [tenant, ...compared])
      return row && (tableOf(resource).toEntity(row) as Entity<N>)
    },

    list: (query) => list(access, query),
    customData: (owner, tenant) => readCustomData(fast, owner, tenant),
    customDataOf: (resource, tenant, ids) => readCustomDataOf(fast, resource, tenant, ids),
    peek: (tenant, kind, key, now) => peek(fast, tenant, kind, key, now),
    keptAnswer: (tenant, id, now) => readAnswer(fast, tenant, id, now),
    usages: (tenant, keys) => readUsages(fast, tenant, keys),
    wasDeleted: (resource, tenant, id) => wasDeleted(fast, resource, tenant, id),
    apiKeyStanding: (keyId) => readStanding(fast, keyId),
    admission: (tenant, application, account) => readAdmission(fast, tenant, application, account),
    applicationOfLabel: (label) => readApplicationOfLabel(fast, label),
    tenantOfApplication: (id) => readTenantOfApplication(fast, id),

    async firstTenant() {
      const row = await fast.get(FIRST_TENANT, [])
      return row && (tableOf('tenant').toEntity(row) as Entity<'tenant'>)
    },
  }
}

/** Ids sort by age. The operator's look-up: there is no tenant to ask for yet. */
export const FIRST_TENANT = `select ${tableOf('tenant').reads.join(', ')} from tenants order by tenant_id limit 1`

/** Links are compared by id, folded texts by their key. */
function toCompared(resource: ResourceName, member: string | undefined, value: string | Ref): Value {
  if (typeof value !== 'string') return value.id
  if (member === undefined) return value
  const folded = tableOf(resource)
    .field(member)
    .columns.some(({ name }) => name.endsWith('_fold'))
  return folded ? keyOf(value) : value
}
