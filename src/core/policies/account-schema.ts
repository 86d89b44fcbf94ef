import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Reader } from '../ports.ts'

type Field = Entity<'field'>

/** The fields in the account schema of a directory. */
export async function fieldsOf(reader: Reader, directory: string, tenant: string): Promise<Field[]> {
  const scope = { by: 'schema', id: directory }
  return (await reader.list({ resource: 'field', tenant, scope, offset: 0, limit: 100 })).items
}

/**
 * Holds a new account against the schema of its directory (contract/rest.md 6.12).
 * @throws Problem required
 */
export function checkSchema(account: Partial<Entity<'account'>>, fields: readonly Field[]): void {
  for (const { name, required } of fields) {
    if (required && (account[name] ?? '').trim() === '') refuse('required', { resource: 'account', property: name })
  }
}
