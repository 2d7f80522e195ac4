import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** @see https://www.w3.org/TR/trace-context-1/#traceparent-header */
const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/**
 * Gives a request its place in a trace: it goes on with the caller's trace or begins one, under a
 * span id of its own. The header is replaced, so that whoever forwards it names this span.
 *
 * @returns the trace id, for the log
 */
export const joinTrace = (request: IncomingMessage): string => {
  const [, traceId = randomId(16), flags = '01'] =
    traceparent.exec(String(request.headers.traceparent)) ?? []
  request.headers.traceparent = `00-${traceId}-${randomId(8)}-${flags}`
  return traceId
}

const randomId = (bytes: number): string => randomBytes(bytes).toString('hex')
