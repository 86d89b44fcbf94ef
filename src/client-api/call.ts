import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import type { GrantRequest } from '../core/tokens/grant.ts'
import type { ClientApi } from '../core/web-configs/client-api.ts'
import { isObject } from '../schema/parse-attribute.ts'
import { refuse } from '../schema/problems.ts'
import { bytesToText } from '../std/base64url.ts'
import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { JsonError, parseJson } from '../std/json.ts'

/** One request to an endpoint that is switched on. */
export interface ClientCall {
  engine: Engine
  api: ClientApi
  context: Context
  request: LightRequest
  /** Of a POST, else empty. */
  body: Uint8Array
  /** Whose tokens, and what signs them. */
  grant: GrantRequest
}

/** Deepest nesting of a body (defaults.md, Bounds). */
const MAX_DEPTH = 100

/** The members of a JSON body, whatever it is called: old clients send text/plain (contract/rest.md 1.2). */
export function readJson({ body }: ClientCall): Record<string, unknown> {
  const text = bytesToText(body) ?? refuse('badEncoding', { property: 'The body' })
  try {
    const value: unknown = parseJson(text.trim() === '' ? '{}' : text, { maxDepth: MAX_DEPTH })
    return isObject(value) ? value : refuse('bodyMalformed', { reason: 'a JSON object is expected' })
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    if (error.reason === 'depth') refuse('bodyTooDeep', { limit: MAX_DEPTH })
    return refuse('bodyMalformed', { reason: 'it is no JSON' })
  }
}

/** Longer than any name, token or password that is taken. */
const MAX_TEXT = 4096

/** A text that must be there. @throws Problem required | wrongType | tooLong */
export function requireText(members: Record<string, unknown>, property: string): string {
  const value = Object.hasOwn(members, property) ? members[property] : undefined
  if (value === undefined || value === null || value === '') return refuse('required', { resource: '', property })
  if (typeof value !== 'string') return refuse('wrongType', { property, expected: 'a string' })
  if (!value.isWellFormed()) refuse('badEncoding', { property })
  return value.length > MAX_TEXT ? refuse('tooLong', { property, max: MAX_TEXT }) : value
}

/** What every answer carries: nothing keeps it. */
export function noStore(requestId: string): Record<string, string> {
  return {
    'Stormpath-Request-Id': requestId,
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** JSON, as an object or a text that is JSON already. */
export function replyJson({ context }: Pick<ClientCall, 'context'>, body: object | string): LightResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...noStore(context.requestId) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

/** Success that says nothing. */
export function replyEmpty({ context }: Pick<ClientCall, 'context'>): LightResponse {
  return { status: 200, headers: noStore(context.requestId), body: undefined }
}
