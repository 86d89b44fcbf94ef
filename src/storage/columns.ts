import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { type Attribute, isFilled, isHeld } from '../schema/attribute.ts'
import type { ToOne } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import { fold } from '../std/fold.ts'
import type { Row, Value } from './database.ts'
import { cutKey, KEY_LENGTH } from './keys.ts'
import { memo } from './memo.ts'
import { snake, tableName } from './names.ts'
import type { Column } from './shape.ts'

/** One member of an entity and the columns that hold it. */
export interface Field {
  name: string
  columns: readonly Column[]
  /** Those of the columns that `read` looks at. */
  reads: readonly string[]
  write(value: unknown): Value[]
  read(row: Row): unknown
}

/** How one resource lies in its table. */
export interface Table {
  resource: ResourceName
  name: string
  fields: readonly Field[]
  columns: readonly Column[]
  /** The columns an entity is read from, quoted by nothing and joined by commas where needed. */
  reads: readonly string[]
  field(name: string): Field
  /** Values of all columns, in their order. */
  toValues(entity: Entity): Value[]
  toEntity(row: Row): Entity
}

/** The table of a stored resource. */
export const tableOf: (resource: ResourceName) => Table = memo(layOut)

/** Every resource that has a table of its own. */
export const storedResources = (Object.keys(registry) as ResourceName[]).filter((name) => {
  const declaration: Resource = registry[name]
  return declaration.stored !== false && !declaration.open
})

/** Column of an attribute's search key, of a text longer than keys are, and of a link to one target of several. */
export const keyColumn = (attribute: string): string => `${snake(attribute)}_fold`
export const wholeColumn = (attribute: string): string => `${snake(attribute)}_fold_whole`
export const linkColumn = (link: string): string => (link === 'tenant' ? 'tenant_id' : `${snake(link)}_id`)
export const targetColumn = (link: string, target: string): string => `${snake(link)}_${snake(target)}_id`

/** A text that may be longer than its key: its whole folded form has a column too, filled when it is. */
export const isLong = (attribute: Attribute): boolean =>
  attribute.kind === 'string' && attribute.folded === true && (attribute.max ?? Number.POSITIVE_INFINITY) > KEY_LENGTH

function layOut(resource: ResourceName): Table {
  const declaration: Resource = registry[resource]
  if (!storedResources.includes(resource)) throw new Error(`${resource} has no table`)
  const fields = [
    plain('id', text('id')),
    plain('tenant', text('tenant_id')),
    plain('createdAt', integer('created_at')),
    declaration.appended ? modifiedNever : plain('modifiedAt', integer('modified_at')),
  ]
  for (const [name, attribute] of Object.entries(declaration.attributes)) {
    if (isHeld(attribute)) fields.push(attributeField(name, attribute))
  }
  for (const [name, link] of Object.entries(declaration.links)) {
    if (link.kind === 'one' && name !== 'tenant') fields.push(linkField(name, link))
  }
  const byName = new Map(fields.map((field) => [field.name, field]))
  return {
    resource,
    name: tableName(resource),
    fields,
    columns: fields.flatMap((field) => field.columns),
    reads: fields.flatMap((field) => field.reads),
    field(name) {
      const field = byName.get(name)
      if (!field) throw new Error(`${resource} has no member ${name}`)
      return field
    },
    toValues(entity) {
      const values: Value[] = []
      for (const field of fields) values.push(...field.write((entity as Record<string, unknown>)[field.name]))
      return values
    },
    toEntity(row) {
      const entity: Record<string, unknown> = {}
      for (const field of fields) entity[field.name] = field.read(row)
      return entity as Entity
    },
  }
}

const text = (name: string, nullable = false): Column => ({ name, type: 'text', nullable })
const integer = (name: string, nullable = false): Column => ({ name, type: 'integer', nullable })

/** Of what is never changed. */
const modifiedNever: Field = {
  name: 'modifiedAt',
  columns: [],
  reads: [],
  write: () => [],
  read: (row) => row.created_at,
}

/** A column that holds the value as it is. */
function plain(name: string, column: Column): Field {
  const key = column.name
  return {
    name,
    columns: [column],
    reads: [key],
    write: (value) => [(value ?? null) as Value],
    read: (row) => row[key],
  }
}

function attributeField(name: string, attribute: Exclude<Attribute, { kind: 'joined' | 'derived' }>): Field {
  const column = snake(name)
  const nullable = !isFilled(attribute)
  switch (attribute.kind) {
    case 'string':
      return attribute.folded ? foldedField(name, attribute, nullable) : plain(name, text(column, nullable))
    case 'enum':
      return plain(name, text(column, nullable))
    case 'integer':
    case 'datetime':
      return plain(name, integer(column, nullable))
    case 'boolean':
      return {
        name,
        columns: [integer(column)],
        reads: [column],
        write: (value) => [value ? 1 : 0],
        read: (row) => row[column] === 1,
      }
    case 'switches':
    case 'object':
      return {
        name,
        columns: [text(column, nullable)],
        reads: [column],
        write: (value) => [value === null || value === undefined ? null : JSON.stringify(value)],
        read: (row) => (row[column] === null ? null : JSON.parse(row[column] as string)),
      }
    case 'strings':
    case 'list':
      return {
        name,
        columns: [text(column)],
        reads: [column],
        write: (value) => [JSON.stringify(value ?? [])],
        read: (row) => JSON.parse(row[column] as string),
      }
  }
}

/** Text with its search key beside it. */
function foldedField(name: string, attribute: Attribute, nullable: boolean): Field {
  const column = snake(name)
  const long = isLong(attribute)
  const columns = [text(column, nullable), text(keyColumn(name), nullable)]
  if (long) columns.push(text(wholeColumn(name), true))
  return {
    name,
    columns,
    reads: [column],
    write(value) {
      if (value === null || value === undefined) return long ? [null, null, null] : [null, null]
      const folded = fold(value as string)
      const key = cutKey(folded)
      if (!long) return [value as string, key]
      return [value as string, key, key === folded ? null : folded]
    },
    read: (row) => row[column],
  }
}

function linkField(name: string, link: ToOne): Field {
  const id = linkColumn(name)
  const nullable = !link.required
  if (link.targets.length === 1) return plain(name, text(id, nullable))
  // Each target has a column besides, so that a real foreign key can guard it.
  const type = `${snake(name)}_type`
  const { targets } = link
  return {
    name,
    columns: [
      text(id, nullable),
      text(type, nullable),
      ...targets.map((target) => text(targetColumn(name, target), true)),
    ],
    reads: [id, type],
    write(value) {
      const ref = (value ?? null) as { resource: string; id: string } | null
      return [
        ref ? ref.id : null,
        ref ? ref.resource : null,
        ...targets.map((target) => (ref?.resource === target ? ref.id : null)),
      ]
    },
    read: (row) => (row[id] === null ? null : { resource: row[type], id: row[id] }),
  }
}
