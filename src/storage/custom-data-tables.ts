import type { ResourceName } from '../resources/registry.ts'
import { linkColumn } from './columns.ts'
import { memo } from './memo.ts'
import { customDataTable, keyName, leavesTable, tableName } from './names.ts'
import { customDataOwners, customDataScopesOf } from './relations.ts'
import type { Column, Index, TableShape } from './shape.ts'

const text = (name: string): Column => ({ name, type: 'text', nullable: false })
const integer = (name: string): Column => ({ name, type: 'integer', nullable: false })

/** Whether accounts, say, are found by what their custom data holds. */
export const isSearchedByCustomData = memo((owner: ResourceName) => customDataScopesOf(owner).length > 0)

/** The links besides the tenant within which custom data is searched; each has its own column beside the leaves. */
export const leafScopes = memo((owner: ResourceName) => customDataScopesOf(owner).filter((scope) => scope !== 'tenant'))

/** Tables for the custom data of every kind of owner, and for the index over it where there is one. */
export function customDataTables(): TableShape[] {
  return customDataOwners.flatMap((owner) =>
    isSearchedByCustomData(owner) ? [documents(owner), leaves(owner)] : [documents(owner)],
  )
}

function documents(owner: ResourceName): TableShape {
  const name = customDataTable(owner)
  const searched = isSearchedByCustomData(owner)
  const overflow: Index = {
    name: keyName(name, 'overflow'),
    columns: ['tenant_id', 'id'],
    unique: false,
    where: 'overflow = 1',
    rare: true,
  }
  return {
    name,
    columns: [
      text('tenant_id'),
      text('id'),
      text('json'),
      integer('created_at'),
      integer('modified_at'),
      // 1 when some scalars were too many or too long for the leaves, so that a search must read the text.
      ...(searched ? [integer('overflow')] : []),
    ],
    primaryKey: ['tenant_id', 'id'],
    indexes: searched ? [overflow] : [],
    foreignKeys: [owned(name, tableName(owner))],
  }
}

function leaves(owner: ResourceName): TableShape {
  const name = leavesTable(owner)
  const scopes = leafScopes(owner)
  const number: Column = { name: 'number', type: 'real', nullable: true }
  return {
    name,
    columns: [
      text('tenant_id'),
      text('id'),
      text('path'),
      text('kind'),
      text('text_key'),
      number,
      ...scopes.map((scope) => text(linkColumn(scope))),
    ],
    primaryKey: ['tenant_id', 'id', 'path', 'kind', 'text_key'],
    indexes: ['tenant', ...scopes].flatMap((scope) => leafIndexes(name, scope)),
    foreignKeys: [owned(name, customDataTable(owner))],
    clustered: true,
  }
}

function leafIndexes(table: string, scope: string): Index[] {
  const within = scope === 'tenant' ? ['tenant_id'] : ['tenant_id', linkColumn(scope)]
  return [
    { name: keyName(table, scope, 'text'), columns: [...within, 'path', 'text_key', 'id', 'kind'], unique: false },
    {
      name: keyName(table, scope, 'number'),
      columns: [...within, 'path', 'number', 'id'],
      unique: false,
      where: 'number is not null',
    },
  ]
}

const owned = (table: string, owner: string) => ({
  name: keyName(table, 'owner', 'fk'),
  columns: ['tenant_id', 'id'],
  references: owner,
  onDelete: 'cascade' as const,
})
