import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { isSampled, spanContextFrom } from './traceparent.ts'
import { tracer } from './tracing.ts'

export type SpanOptions = { kind?: SpanKind; attributes?: Attributes }

/**
 * Runs `work` in a span below the active one. There is none if the active one is not recorded:
 * background work begins no trace by itself.
 */
export const inSpan = <Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<Result>,
): Promise<Result> => {
  if (!trace.getActiveSpan()?.isRecording()) return work(undefined)
  return runIn(tracer.startSpan(name, options), work)
}

/**
 * Runs `work` in a span below the caller, which `callerOf` returns; without a caller there is none.
 */
export const inSpanOf = <Result>(
  caller: Context | undefined,
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<Result>,
): Promise<Result> =>
  caller ? runIn(tracer.startSpan(name, options, caller), work) : work(undefined)

/**
 * Runs work that several callers share. Its span is in the trace of the first of them that is sampled,
 * and has links to the others. It does not run in the context of the caller that starts it.
 */
export const inSharedSpan = <Result>(
  callers: readonly (SpanContext | undefined)[],
  name: string,
  options: SpanOptions,
  work: () => Promise<Result>,
): Promise<Result> => {
  const [parent, ...others] = callers.filter((caller) => caller && isSampled(caller))
  if (!parent) return context.with(ROOT_CONTEXT, work)
  const links = others.flatMap((caller) => (caller ? { context: caller } : []))
  const below = trace.setSpanContext(ROOT_CONTEXT, parent)
  return runIn(tracer.startSpan(name, { ...options, links }, below), work)
}

/** Runs `work` in this span, and ends it with the work. */
const runIn = async <Result>(
  span: Span,
  work: (span: Span) => Promise<Result>,
): Promise<Result> => {
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span))
  } catch (error) {
    markFailed(span, error)
    throw error
  } finally {
    span.end()
  }
}

/**
 * The caller on whose behalf a call is made, as the parent of a span: the active span, or the one that
 * an explicit `traceparent` names if that is of another trace. Undefined if it is not recorded.
 */
export const callerOf = (traceparent: unknown): Context | undefined => {
  const named = spanContextFrom(traceparent)
  const active = trace.getActiveSpan()
  if (active && (!named || active.spanContext().traceId === named.traceId))
    return active.isRecording() ? context.active() : undefined
  return named && isSampled(named) ? trace.setSpanContext(ROOT_CONTEXT, named) : undefined
}

/** The active span, for work that is done later by another one. */
export const activeSpanContext = (): SpanContext | undefined => trace.getActiveSpan()?.spanContext()

/** Marks a span as failed. It gets the kind of the error and not its message, which may have data in it. */
export const markFailed = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', typeOf(error))
}

const typeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && /^\w{1,64}$/.test(String(error.code)) ? String(error.code) : error.name
}
