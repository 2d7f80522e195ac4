import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A request, whatever protocol brought it. */
export type WithHeaders = Pick<IncomingMessage, 'headers'>

/** @see https://www.w3.org/TR/trace-context-1/#traceparent-header */
const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/**
 * Gives a request its place in a trace: it goes on with the caller's trace or begins one, under a
 * span id of its own. The header is replaced, so that it names this span when it is forwarded.
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

/** Asked for a great many at a time, since each asking costs more than a short request's routing. */
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
