import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'
import { storedResources, tableOf } from './columns.ts'
import { customDataTables } from './custom-data-tables.ts'
import type { DialectName } from './database.ts'
import { foreignKeysOf, indexesOf, shortRows } from './indexes.ts'
import { textTable } from './names.ts'
import { ownTables } from './own-tables.ts'
import type { TableShape } from './shape.ts'

/** Searchable texts of a resource, in their order; the full-text table holds them together. */
export function searchedTexts(resource: ResourceName): readonly string[] {
  return texts.get(resource) ?? []
}

const texts = new Map(
  storedResources.map((resource) => {
    const attributes = Object.entries((registry[resource] as Resource).attributes)
    const searched = attributes.filter(([, one]) => one.kind === 'string' && one.search && one.folded)
    return [resource, searched.map(([name]) => name)]
  }),
)

/** Every table the declarations ask for. The migrations must have made exactly these. */
export function expectedTables(dialect?: DialectName): TableShape[] {
  const all = [...storedResources.map(resourceTable), ...customDataTables(), ...ownTables]
  return all.filter(({ only }) => !only || !dialect || only === dialect)
}

function resourceTable(resource: ResourceName): TableShape {
  const table = tableOf(resource)
  const searched = searchedTexts(resource).length > 0
  return {
    name: table.name,
    columns: table.columns,
    primaryKey: ['tenant_id', 'id'],
    indexes: indexesOf(resource),
    foreignKeys: foreignKeysOf(resource),
    ...(shortRows(resource) && { clustered: true }),
    ...(searched && { text: textTable(resource) }),
  }
}
