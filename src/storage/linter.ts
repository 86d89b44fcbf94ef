import { APPLICATION_OF_LABEL, TENANT_OF_APPLICATION } from './admission.ts'
import type { Connection, Database } from './database.ts'
import { OUTBOX_STATEMENTS } from './outbox.ts'
import { FIRST_TENANT } from './reader.ts'
import { ALL_TENANTS } from './reseal.ts'
import { expectedTables } from './schema.ts'
import { STANDING } from './standing.ts'
import { WEBHOOK_CURSORS } from './webhook-cursors.ts'

/** The statements that may look across tenants: each is here because nobody knows the tenant yet, or works for all. */
const ACROSS_TENANTS = new Set(
  [
    STANDING,
    FIRST_TENANT,
    ALL_TENANTS,
    TENANT_OF_APPLICATION,
    APPLICATION_OF_LABEL,
    WEBHOOK_CURSORS,
    ...OUTBOX_STATEMENTS,
  ].map(spaced),
)

/**
 * A database that refuses every statement in which a table of tenants' rows is not held to one tenant. The second
 * barrier between tenants; on in all tests.
 */
export function lint(database: Database): Database {
  const passed = new Set<string>()
  const check = (sql: string) => {
    if (passed.has(sql)) return
    const table = unconstrained(sql)
    if (table) throw new Error(`a statement does not hold ${table} to one tenant: ${sql}`)
    passed.add(sql)
  }
  const linted = (connection: Connection): Connection => {
    const checked = async <T>(sql: string, run: () => Promise<T>): Promise<T> => {
      check(sql)
      return run()
    }
    return {
      get: (sql, parameters) => checked(sql, () => connection.get(sql, parameters)),
      all: (sql, parameters) => checked(sql, () => connection.all(sql, parameters)),
      run: (sql, parameters) => checked(sql, () => connection.run(sql, parameters)),
    }
  }
  return {
    ...database,
    reader: linted(database.reader),
    slowReader: linted(database.slowReader),
    write: (unit) => database.write((connection) => unit(linted(connection))),
  }
}

/** One table that a statement reads or writes, under the name it has there. */
interface Use {
  table: string
  alias: string
  scope: Scope
  held: boolean
}

/** One select, update, delete or insert; those inside brackets see the names of those around them. */
interface Scope {
  parent: Scope | undefined
  uses: Use[]
  /** `a.tenant_id = b.tenant_id`; undefined for a parameter. */
  equations: { left: string; right: string | undefined }[]
}

/** The first table of tenants' rows that a statement does not hold to one tenant; undefined when all is well. */
export function unconstrained(sql: string): string | undefined {
  if (ACROSS_TENANTS.has(spaced(sql))) return undefined
  const scopes = parse(tokenize(sql))
  for (let changed = true; changed; ) {
    changed = scopes.map(spread).some(Boolean)
  }
  return scopes.flatMap(({ uses }) => uses).find(({ held }) => !held)?.table
}

const tenantTables = new Set(expectedTables('sqlite').map(({ name }) => name))

function tokenize(sql: string): string[] {
  return sql.match(/'(?:[^']|'')*'|"[^"]*"|[A-Za-z_][\w.]*|\S/g) ?? []
}

function parse(tokens: readonly string[]): Scope[] {
  const scopes: Scope[] = []
  const open = (parent: Scope | undefined): Scope => {
    const scope: Scope = { parent, uses: [], equations: [] }
    scopes.push(scope)
    return scope
  }
  // Brackets around a select open a scope, other brackets belong to the scope they are in.
  const around: Scope[] = []
  let scope = open(undefined)
  for (const [at, token] of tokens.entries()) {
    const word = token.toLowerCase()
    const next = tokens[at + 1]
    if (word === '(') {
      around.push(scope)
      if (next?.toLowerCase() === 'select' || next === '(') scope = open(scope)
    } else if (word === ')') scope = around.pop() ?? scope
    else if (word === 'union') scope = open(scope.parent)
    else if (['from', 'join', 'update', 'into'].includes(word)) use(scope, tokens, at + 1)
    else if (word.endsWith('tenant_id') && next === '=') equate(scope, token, tokens[at + 2])
  }
  return scopes
}

function use(scope: Scope, tokens: readonly string[], at: number): void {
  const table = tokens[at]
  if (table === undefined || !tenantTables.has(table)) return
  const as = tokens[at + 1]?.toLowerCase() === 'as' ? 2 : 1
  const next = tokens[at + as]
  const alias = next !== undefined && /^[a-z]\w*$/i.test(next) && !KEYWORDS.has(next.toLowerCase()) ? next : table
  const names = tokens.slice(at + 1, tokens.indexOf(')', at))
  const inserted = tokens[at - 1]?.toLowerCase() === 'into' && names.includes('tenant_id')
  scope.uses.push({ table, alias, scope, held: inserted })
}

const KEYWORDS = new Set([
  'where',
  'join',
  'cross',
  'left',
  'inner',
  'on',
  'set',
  'group',
  'order',
  'limit',
  'union',
  'for',
  'values',
  'select',
  'returning',
  'default',
  'in',
])

function equate(scope: Scope, left: string, right: string | undefined): void {
  if (right === '?') scope.equations.push({ left: ownerOf(scope, left), right: undefined })
  else if (right?.endsWith('tenant_id'))
    scope.equations.push({ left: ownerOf(scope, left), right: ownerOf(scope, right) })
}

/** The name before `tenant_id`; without one it is that of the only table. */
function ownerOf({ uses }: Scope, column: string): string {
  const [name] = column.split('.')
  return column.includes('.') && name !== undefined ? name : uses.length === 1 ? (uses[0]?.alias ?? '') : ''
}

/** Holds what an equation ties to a parameter or to what is held already. True when something came of it. */
function spread(scope: Scope): boolean {
  let changed = false
  for (const { left, right } of scope.equations) {
    const [one, other] = [find(scope, left), right === undefined ? undefined : find(scope, right)]
    const held = right === undefined || one?.held || other?.held
    for (const found of [one, other]) {
      if (!held || !found || found.held) continue
      found.held = true
      changed = true
    }
  }
  return changed
}

function find(scope: Scope | undefined, alias: string): Use | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.uses.find((use) => use.alias === alias)
    if (found) return found
  }
  return undefined
}

function spaced(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}
