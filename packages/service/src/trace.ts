import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A request over HTTP or gRPC. */
export type WithHeaders = Pick<IncomingMessage, 'headers'>

/** @see https://www.w3.org/TR/trace-context-1/#traceparent-header */
const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/**
 * Continues the caller's trace, or starts a new one, with a new span id. The header is replaced, so that it names this span when it is forwarded.
 *
 * @returns the trace id, for the log
 */
export const joinTrace = (request: WithHeaders): string => {
  const [, traceId = randomId(16), flags = '01'] =
    traceparent.exec(String(request.headers.traceparent)) ?? []
  request.headers.traceparent = `00-${traceId}-${randomId(8)}-${flags}`
  return traceId
}

/** The trace id of a request that has joined its trace. */
export const traceIdOf = ({ headers }: WithHeaders): string =>
  String(headers.traceparent).slice(3, 35)

/** Random bytes are generated in large blocks: one call costs more than routing a short request. */
const pool = Buffer.alloc(4_096)
let used = pool.length

const randomId = (bytes: number): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}
