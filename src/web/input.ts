import { bytesToText } from '../std/base64url.ts'
import { BodyTooLarge } from '../std/exchange.ts'
import { parseForm } from '../std/form.ts'
import { parsePlainJson } from '../std/json.ts'
import { isWellFormedText } from '../std/text.ts'
import { message } from './pages/messages/message.ts'
import { Rejection } from './rejection.ts'
import type { WebRequest } from './request.ts'

/** What a request brings. */
export interface Input {
  kind: 'form' | 'json' | 'none'
  /** By name; of a form every value is a text, or a list of texts where a name is repeated. */
  readonly fields: Readonly<Record<string, unknown>>
}

const maxDepth = 100
const jsonType = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const formType = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i

/**
 * Reads the body: a URL-encoded form or a JSON object, by what the Content-Type says and nothing else, so that no page
 * elsewhere can pass a form for JSON (contract/web.md §3). What another middleware has read already is taken from it.
 *
 * @throws Rejection 400, 413, 415
 */
export async function readInput(request: WebRequest, limit: number): Promise<Input> {
  const type = request.header('content-type')
  const kind = type === undefined ? 'none' : jsonType.test(type) ? 'json' : formType.test(type) ? 'form' : undefined
  if (kind === undefined) throw malformed(415)
  if (kind === 'none') return { kind, fields: empty() }
  const { parsed } = request
  if (isFields(parsed)) return { kind, fields: Object.assign(empty(), parsed) }
  const text = typeof parsed === 'string' ? parsed : await readText(request, limit)
  return { kind, fields: kind === 'json' ? fromJson(text) : fromForm(text) }
}

/**
 * The text of a field; undefined when it is missing.
 * @throws Rejection 400 when it is there and no text
 */
export function textOf({ fields }: Input, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !isWellFormedText(value)) {
    throw new Rejection(message('problem.invalid', { label: name }), { field: name })
  }
  return value
}

/**
 * A box that is ticked, or true: `'true'`; undefined for everything that says no.
 * @throws Rejection 400 when it is neither
 */
export function choiceOf(input: Input, name: string): 'true' | undefined {
  const value = input.fields[name]
  if (typeof value === 'boolean') return value ? 'true' : undefined
  const text = textOf(input, name)?.toLowerCase()
  if (text === 'true' || text === 'on' || text === '1') return 'true'
  if (text === undefined || ['', 'false', 'off', '0'].includes(text)) return undefined
  throw new Rejection(message('problem.invalid', { label: name }), { field: name })
}

async function readText(request: WebRequest, limit: number): Promise<string> {
  try {
    const bytes = request.parsed instanceof Uint8Array ? request.parsed : await request.body(limit)
    return bytesToText(bytes) ?? reject400()
  } catch (error) {
    if (error instanceof BodyTooLarge) throw malformed(413)
    throw error
  }
}

function fromJson(text: string): Record<string, unknown> {
  if (text.trim() === '') return empty()
  let value: unknown
  try {
    value = parsePlainJson(text, { maxDepth })
  } catch {
    reject400()
  }
  return isFields(value) ? Object.assign(empty(), value) : reject400()
}

function fromForm(text: string): Record<string, unknown> {
  const form = parseForm(text) ?? reject400()
  const fields = empty()
  for (const [name, values] of form) fields[name] = values.length === 1 ? values[0] : values
  return fields
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** Without a prototype: a field may bear any name. */
function empty(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>
}

function malformed(status: number): Rejection {
  return new Rejection('The body of the request cannot be read.', { status })
}

function reject400(): never {
  throw malformed(400)
}
