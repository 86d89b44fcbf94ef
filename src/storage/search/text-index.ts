import type { TableShape } from '../shape.ts'

/** The columns that substring search looks at: every search key, and the whole text of those that may be longer. */
export function textIndexColumns(table: TableShape): string[] {
  return table.columns.map(({ name }) => name).filter((name) => /_fold(_whole)?$/.test(name))
}
