import { activeSpanContext, inSharedSpan, isTracing } from '@flash-deal/telemetry'
import type { SpanContext } from '@opentelemetry/api'

/** The request of an item in a batch, and the time when it was added. */
export type Origin = { caller: SpanContext | undefined; addedAt: number }

export type BatchSpans = {
  /** Called when an item is added. */
  origin(): Origin | undefined
  /** Runs a batch in a separate span, which has links to the requests of its items. */
  run<Result>(
    origins: readonly (Origin | undefined)[],
    work: () => Promise<Result>,
  ): Promise<Result>
}

const none: BatchSpans = { origin: () => undefined, run: (_origins, work) => work() }

/** @param name of the spans, such as `M1 batch` */
export const batchSpans = (name: string): BatchSpans => (isTracing() ? recorded(name) : none)

const recorded = (name: string): BatchSpans => ({
  origin: () => ({ caller: activeSpanContext(), addedAt: performance.now() }),
  run: (origins, work) => {
    const addedAt = Math.min(...origins.flatMap((origin) => origin?.addedAt ?? []))
    const attributes = {
      'flash_deal.batch.size': origins.length,
      'flash_deal.batch.wait_ms': performance.now() - addedAt,
    }
    const callers = origins.map((origin) => origin?.caller)
    return inSharedSpan(callers, name, { attributes }, work)
  },
})
