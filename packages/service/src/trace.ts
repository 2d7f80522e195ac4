import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { spanContextFrom, traceparentOf } from '@flash-deal/telemetry'

/** A request over HTTP or gRPC. */
export type WithHeaders = Pick<IncomingMessage, 'headers'>

/**
 * Continues the caller's trace, or starts a new one, with a new span id. The header is replaced, so
 * that it contains this span when it is forwarded.
 *
 * @returns the trace id, for the log
 */
export const joinTrace = (request: WithHeaders): string => {
  const { headers } = request
  const { traceId, traceFlags } = spanContextFrom(headers.traceparent) ?? newTrace()
  boundTracestate(request)
  headers.traceparent = traceparentOf({ traceId, traceFlags, spanId: randomId(8) })
  return traceId
}

const newTrace = () => ({ traceId: randomId(16), traceFlags: 1 })

/** Characters of a `tracestate`; a vendor's list must fit into 512. */
const tracestateMax = 512

/** Deletes a `tracestate` that is too long or has no valid trace. Called before joining. */
export const boundTracestate = ({ headers }: WithHeaders): void => {
  const { tracestate } = headers
  if (tracestate === undefined) return
  const isValid = spanContextFrom(headers.traceparent) !== undefined
  if (!isValid || tracestate.length > tracestateMax) delete headers.tracestate
}

/** The trace id of a request that has joined its trace. */
export const traceIdOf = ({ headers }: WithHeaders): string =>
  String(headers.traceparent).slice(3, 35)

/** Random bytes are generated in large blocks: a call costs more than routing a short request. */
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
