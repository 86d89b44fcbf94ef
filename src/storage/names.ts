import { hash } from 'node:crypto'
import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'

/** The longest name PostgreSQL keeps whole. */
const LONGEST_NAME = 63

/** `accountStore` → `account_store`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The table of a resource: its address in plural, `account_store_mappings`. */
export function tableName(resource: ResourceName): string {
  const { name, path, nested }: Resource = registry[resource]
  return snake(nested ? `${name}s` : path)
}

/** The table that keeps the custom data of one kind of owner. */
export const customDataTable = (owner: ResourceName): string => `${tableName(owner)}_custom_data`

/** The table that indexes the scalars inside that custom data. */
export const leavesTable = (owner: ResourceName): string => `${customDataTable(owner)}_leaves`

/** The full-text table beside a table, on SQLite. */
export const textTable = (owner: ResourceName): string => `${tableName(owner)}_text`

/** Joins the words of an index or key name; one too long for PostgreSQL ends in a digest of itself. */
export function keyName(...words: readonly string[]): string {
  const name = words.join('_')
  if (name.length <= LONGEST_NAME) return name
  return `${name.slice(0, LONGEST_NAME - 9)}_${hash('sha256', name).slice(0, 8)}`
}
