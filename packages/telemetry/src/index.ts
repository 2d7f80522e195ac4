export {
  activeSpanContext,
  callerOf,
  inSharedSpan,
  inSpan,
  inSpanOf,
  markFailed,
  type SpanOptions,
} from './spans.ts'
export { startTelemetry } from './start.ts'
export type { Telemetry, TelemetryOptions } from './telemetry.ts'
export { isSampled, spanContextFrom, traceparentOf } from './traceparent.ts'
export { isTracing, storedTraceparent, tracer } from './tracing.ts'
