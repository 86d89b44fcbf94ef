/**
 * Prints the statements the declarations ask for, in the words of a migration, to start writing one from:
 * `node test/support/draft.ts [table …]`.
 */
import { pathToFileURL } from 'node:url'
import { expectedTables } from '../../src/storage/schema.ts'
import type { ForeignKey, Index, TableShape } from '../../src/storage/shape.ts'

/** The source text of a migration's statements for these tables; `existing` tables may be pointed at. */
export function draft(tables: readonly TableShape[], existing: readonly string[] = []): string {
  const known = new Set(existing)
  const later: string[] = []
  const lines = tables.flatMap((table) => {
    known.add(table.name)
    const now = table.foreignKeys.filter(({ references }) => known.has(references))
    const cyclic = table.foreignKeys.filter(({ references }) => !known.has(references))
    for (const key of cyclic) later.push(`...w.addForward('${table.name}', '${foreignKey(key)}')`)
    const statements = [createTable(table, now, cyclic), ...createIndexes(table), ...textIndex(table)]
    return table.only ? [`...w.${table.only}(${statements.join(', ')})`] : statements
  })
  return [...lines, ...later].map((line) => `    ${line},`).join('\n')
}

function createTable(table: TableShape, now: readonly ForeignKey[], cyclic: readonly ForeignKey[]): string {
  const key = `(${table.primaryKey.join(', ')})`
  const lines = [
    ...table.columns.map(({ name, type, nullable }) => `${name} \${w.${type}}${nullable ? '' : ' not null'}`),
    table.text ? `\${w.numberedKey} ${key}` : `primary key ${key}`,
    ...now.map(foreignKey),
  ]
  const body = lines.map((line) => `      ${line}`).join(',\n')
  const forward = cyclic.map((one) => `\n      \${w.forward('${foreignKey(one)}')}`).join('')
  const open = `create table ${table.name} (${table.text ? '$' + '{w.numbered}' : ''}`
  return `\`${open}\n${body}${forward}\n    )\${w.${table.clustered ? 'clustered' : 'strict'}}\``
}

function foreignKey({ name, columns, references, onDelete }: ForeignKey): string {
  const rule = onDelete === 'cascade' ? ' on delete cascade' : ''
  return `constraint ${name} foreign key (${columns.join(', ')}) references ${references} (tenant_id, id)${rule}`
}

function createIndexes(table: TableShape): string[] {
  const text = (index: Index) => createIndex(table, index)
  const uniques = table.indexes.filter(({ unique }) => unique).map(text)
  const others = table.indexes.filter(({ unique }) => !unique).map(text)
  return uniques.length > 1 ? [`...w.uniques(${uniques.join(', ')})`, ...others] : [...uniques, ...others]
}

function createIndex(table: TableShape, { name, columns, unique, where }: Index): string {
  const nullable = new Set(table.columns.filter((column) => column.nullable).map((column) => column.name))
  const parts = columns.map((column) => (nullable.has(column) ? `${column}\${w.nullsFirst}` : column)).join(', ')
  const text = `create ${unique ? 'unique ' : ''}index ${name} on ${table.name} (${parts})${where ? ` where ${where}` : ''}`
  return text.includes('${') ? `\`${text}\`` : `'${text}'`
}

function textIndex(table: TableShape): string[] {
  if (!table.text) return []
  // Every search key, and the whole text of those that may be longer.
  const searched = table.columns.map(({ name }) => name).filter((name) => /_fold(_whole)?$/.test(name))
  const columns = searched.map((column) => `'${column}'`)
  return [`...w.textIndex('${table.name}', '${table.text}', [${columns.join(', ')}])`]
}

/** The tables a first schema would have, those pointed at before those that point. */
function inOrder(tables: readonly TableShape[]): TableShape[] {
  const ordered: TableShape[] = []
  const visit = (table: TableShape) => {
    if (ordered.includes(table)) return
    for (const { references, onDelete } of table.foreignKeys) {
      const target = tables.find(({ name }) => name === references)
      if (target && onDelete === 'cascade') visit(target)
    }
    ordered.push(table)
  }
  tables.forEach(visit)
  return ordered
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const named = process.argv.slice(2)
  const all = inOrder(expectedTables())
  const wanted = all.filter(({ name }) => named.length === 0 || named.includes(name))
  const others = named.length === 0 ? [] : all.filter((table) => !wanted.includes(table))
  console.log(
    draft(
      wanted,
      others.map(({ name }) => name),
    ),
  )
}
