import { type SpanContext, TraceFlags } from '@opentelemetry/api'

/** @see https://www.w3.org/TR/trace-context-1/#traceparent-header */
const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/** The span that a `traceparent` header names; undefined if it is not valid. */
export const spanContextFrom = (traceparent: unknown): SpanContext | undefined => {
  const [, traceId, spanId, flags] = pattern.exec(String(traceparent)) ?? []
  if (traceId === undefined || spanId === undefined) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? '', 16), isRemote: true }
}

/** The `traceparent` header of a call that is made in this span. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

/** Whether a caller has decided to record the trace. */
export const isSampled = ({ traceFlags }: SpanContext): boolean =>
  (traceFlags & TraceFlags.SAMPLED) !== 0
