import { jsonNumberText } from './json.ts'

/** One scalar inside a JSON value. */
export interface Leaf {
  /** Names of the members that lead here, joined by dots; an array's elements have the path of the array. */
  path: string
  kind: 'string' | 'number' | 'boolean' | 'null'
  /** A string itself, otherwise the JSON text. */
  text: string
  /** Of numbers: the value, as near as JavaScript has one. Absent where that is infinite. */
  number?: number
}

export interface Leaves {
  leaves: Leaf[]
  /** How many scalars are not among `leaves`, being too many or too long. */
  omitted: number
}

/**
 * The scalar leaves of a JSON value in the order of its text: the first `maxLeaves` whose text, and whose path, is at
 * most `maxBytes` long in UTF-8. What is longer is left out and counted, and so is the rest. (Paths are bounded too: a
 * thousand leaves under one name of a megabyte would fill an index with a gigabyte.)
 */
export function leaves(value: unknown, { maxLeaves, maxBytes }: { maxLeaves: number; maxBytes: number }): Leaves {
  const found: Leaf[] = []
  let omitted = 0
  /** `path` is undefined below a name that is too long; `prefix` is what names inside the node are joined to. */
  const visit = (node: unknown, path: string | undefined, prefix: string): void => {
    if (Array.isArray(node)) {
      for (const element of node) visit(element, path, prefix)
      return
    }
    const leaf = toLeaf(node)
    if (leaf) {
      if (path === undefined || found.length === maxLeaves || !fits(leaf.text, maxBytes)) omitted++
      else found.push({ path, ...leaf })
      return
    }
    for (const [name, member] of Object.entries(node as object)) {
      const below = path === undefined ? undefined : prefix + name
      visit(member, below !== undefined && fits(below, maxBytes) ? below : undefined, `${below}.`)
    }
  }
  visit(value, '', '')
  return { leaves: found, omitted }
}

function toLeaf(node: unknown): Omit<Leaf, 'path'> | undefined {
  if (node === null) return { kind: 'null', text: 'null' }
  if (typeof node === 'string') return { kind: 'string', text: node }
  if (typeof node === 'boolean') return { kind: 'boolean', text: String(node) }
  const text = jsonNumberText(node)
  if (text === undefined) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? { kind: 'number', text, number } : { kind: 'number', text }
}

const encoder = new TextEncoder()

function fits(text: string, maxBytes: number): boolean {
  // A UTF-16 unit is one to three bytes of UTF-8.
  if (text.length > maxBytes) return false
  return text.length * 3 <= maxBytes || encoder.encode(text).length <= maxBytes
}
