import { requestId } from './id.ts'

/** What may name a request in logs, errors and events: bounded, and nothing that could be taken for something else. */
const shape = /^[0-9A-Za-z][0-9A-Za-z._-]{7,63}$/
/** W3C Trace Context: version, trace id, parent id, flags. */
const traceParent =
  /^[0-9a-f]{2}-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{16}-[0-9a-f]{2}/

/**
 * The id of a request: that of a well-formed `X-Request-Id`, or the trace id of a `traceparent` written as a UUID, so that
 * a request is found under one name on its whole way; a new random UUID otherwise.
 */
export function requestIdOf(request: { header(name: string): string | undefined }): string {
  const given = request.header('x-request-id')
  if (given !== undefined && shape.test(given)) return given
  const trace = request.header('traceparent')
  const parts = trace === undefined ? undefined : traceParent.exec(trace)?.slice(1)
  return parts?.some((part) => /[^0]/.test(part)) ? parts.join('-') : requestId()
}
