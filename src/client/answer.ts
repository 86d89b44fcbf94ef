import { parseJson } from '../std/json.ts'
import { ApiError, type ApiErrorBody, type FailedCall, ResponseError } from './errors.ts'
import type { Answer } from './exchange.ts'
import { readRetryAfter } from './retry.ts'

/** The member that tells an answer of this API from others; undefined where the answer holds nothing of interest. */
export type Expected =
  | 'href'
  | 'items'
  | 'account'
  | 'loginTicket'
  | 'access_token'
  | 'active'
  | 'keys'
  | 'changes'
  | undefined

/** Deepest nesting of an answer: custom data may have 100 levels and lie a few levels deep in a page. */
const maxDepth = 200

/**
 * What an answer says, numbers exact.
 *
 * @throws {ApiError} when the service refused
 * @throws {ResponseError} when this is not the service's answer
 */
export function readAnswer(call: FailedCall, { status, header, text }: Answer, expected: Expected): unknown {
  const ok = status >= 200 && status < 300
  if (ok && !expected) return undefined
  const json = parse(text)
  if (ok && isObject(json) && expected && expected in json) return json
  const retryAfter = readRetryAfter(header('retry-after'), Date.now())
  if (!ok && isErrorBody(json)) throw new ApiError(call, json, retryAfter)
  throw new ResponseError(call, status, text, retryAfter)
}

function parse(text: string): unknown {
  try {
    return parseJson(text, { maxDepth })
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isErrorBody(json: unknown): json is ApiErrorBody {
  if (!isObject(json) || !('code' in json && 'message' in json)) return false
  return typeof json.code === 'number' && typeof json.message === 'string'
}
