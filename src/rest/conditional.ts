import type { Condition } from '../core/context.ts'
import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import type { Call } from './call.ts'
import { emptyAnswer } from './headers.ts'

type Asked = Pick<Call, 'request'>

/** The entity tag of what was changed last then: no two states of one resource have the same moment (core/write.ts). */
export const etagOf = (modifiedAt: number): string => `"${modifiedAt.toString(36)}"`

/**
 * What `If-Match` and `If-None-Match` demand of a resource that is to be changed (RFC 9110 §13.1); undefined where they
 * demand nothing.
 */
export function conditionOf({ request }: Asked): Condition | undefined {
  const match = request.header('if-match')
  const noneMatch = request.header('if-none-match')
  if (match === undefined && noneMatch === undefined) return undefined
  return (modifiedAt) => {
    const tag = etagOf(modifiedAt)
    return (match === undefined || names(match, tag)) && (noneMatch === undefined || !names(noneMatch, tag))
  }
}

/**
 * For what has no tag of its own: a caller who names one does not get what they meant.
 *
 * @throws Problem preconditionFailed
 */
export function requireNoTag({ request }: Asked): void {
  const match = request.header('if-match')
  if (match !== undefined && match.trim() !== '*') refuse('preconditionFailed', {})
}

/**
 * The answer to a reader who has this state already; undefined for one who has not.
 *
 * @throws Problem preconditionFailed
 */
export function unchanged({ request, context }: Call, modifiedAt: number): LightResponse | undefined {
  const tag = etagOf(modifiedAt)
  const match = request.header('if-match')
  if (match !== undefined && !names(match, tag)) refuse('preconditionFailed', {})
  const noneMatch = request.header('if-none-match')
  if (noneMatch === undefined || !names(noneMatch, tag, true)) return undefined
  const answer = emptyAnswer(304, context.requestId)
  answer.headers.ETag = tag
  return answer
}

/** Whether a list of entity tags names this one, or any. A weak tag counts only where the comparison is weak. */
function names(list: string, tag: string, weakly = false): boolean {
  return list.split(',').some((each) => {
    const one = each.trim()
    return one === '*' || one === tag || (weakly && one === `W/${tag}`)
  })
}
