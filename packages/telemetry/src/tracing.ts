import { trace } from '@opentelemetry/api'
import { isSampled, spanContextFrom } from './traceparent.ts'

let isOn = false

/**
 * Whether this process records spans. It is decided before anything else is constructed, and never
 * changes, so a traced or a plain version is chosen once.
 */
export const isTracing = (): boolean => isOn

/** Called by `startTelemetry`, when there is a provider of spans. */
export const beginTracing = (): void => {
  isOn = true
}

/** The source of all spans of this system. */
export const tracer = trace.getTracer('flash-deal')

/**
 * The `traceparent` that is worth storing with work that is done later: null if it is of no sampled
 * trace, or nothing is recorded.
 */
export const storedTraceparent = (traceparent: string | undefined): string | null => {
  const caller = isOn ? spanContextFrom(traceparent) : undefined
  return caller && isSampled(caller) ? String(traceparent) : null
}
