import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { Problem } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { storedResources, tableOf } from './columns.ts'
import { type Connection, ConstraintViolation } from './database.ts'
import { foreignKeyName, uniqueIndex } from './indexes.ts'
import { tableName } from './names.ts'
import { relations } from './relations.ts'
import { statementsOf } from './statements.ts'

const uniqueMembers = new Map(
  storedResources.flatMap((resource) => {
    const { unique }: Resource = registry[resource]
    const declared = unique.map((key) => [uniqueIndex(resource, key).name, key.of.at(-1) ?? 'id'] as const)
    return [...declared, [`${tableName(resource)}_pkey`, 'id'] as const]
  }),
)

const references = new Map(relations.map((relation) => [foreignKeyName(relation), relation.link ?? 'id']))

/** What a failed write of `values` means to its author; anything but a constraint passes through. */
export async function explain(
  error: unknown,
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  values: Partial<Entity>,
): Promise<unknown> {
  if (!(error instanceof ConstraintViolation)) return error
  if (error.kind === 'unique') {
    const property = uniqueMembers.get(error.constraint)
    return property === undefined ? error : new Problem('notUnique', { resource, property })
  }
  const property = references.get(error.constraint) ?? (await lost(connection, resource, tenant, values))
  return property === undefined ? error : new Problem('invalidReference', { property })
}

/** SQLite names no key: the first reference among the values that leads nowhere. */
async function lost(
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  values: Partial<Entity>,
): Promise<string | undefined> {
  const table = tableOf(resource)
  for (const { from, link, to, column } of relations) {
    if (from !== resource) continue
    const field = table.field(link ?? 'id')
    const at = field.columns.findIndex(({ name }) => name === column)
    const id = field.write((values as Record<string, unknown>)[field.name])[at]
    if (typeof id === 'string' && !(await connection.get(statementsOf(to).get, [tenant, id]))) return field.name
  }
  return undefined
}
