import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource, UniqueKey } from '../schema/resource.ts'
import { storedResources, tableOf } from './columns.ts'
import { uniqueIndex } from './indexes.ts'

/** The hot statements of one resource, as text that is prepared once. */
export interface Statements {
  get: string
  /** `get` with the words that keep others from changing the row, where the database needs them. */
  getLocked: string
  insert: string
  remove: string
  /** By the names of a unique key's members. */
  find: ReadonlyMap<string, { key: UniqueKey; sql: string }>
}

/** `?, ?, ?` */
export const marks = (count: number): string => Array(count).fill('?').join(', ')

const texts = new Map<ResourceName, Statements>(storedResources.map((resource) => [resource, derive(resource)]))

export function statementsOf(resource: ResourceName): Statements {
  const statements = texts.get(resource)
  if (!statements) throw new Error(`${resource} has no table`)
  return statements
}

function derive(resource: ResourceName): Statements {
  const table = tableOf(resource)
  const declaration: Resource = registry[resource]
  const select = `select ${table.reads.join(', ')} from ${table.name} where`
  const byId = 'tenant_id = ? and id = ?'
  return {
    get: `${select} ${byId}`,
    getLocked: `${select} ${byId} for update`,
    insert: `insert into ${table.name} (${table.columns.map(({ name }) => name).join(', ')}) values (${marks(table.columns.length)})`,
    remove: `delete from ${table.name} where ${byId}`,
    find: new Map(
      declaration.unique.map((key) => {
        const columns = uniqueIndex(resource, key).columns.filter((column) => column !== 'tenant_id')
        const conditions = ['tenant_id', ...columns].map((column) => `${column} = ?`)
        return [key.of.join(), { key, sql: `${select} ${conditions.join(' and ')}` }]
      }),
    ),
  }
}
