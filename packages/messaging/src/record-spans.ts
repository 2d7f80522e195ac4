import { type EventType, eventKinds } from '@flash-deal/contracts/events'
import {
  callerOf,
  inSharedSpan,
  inSpanOf,
  markFailed,
  spanContextFrom,
  traceparentOf,
  tracer,
} from '@flash-deal/telemetry'
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api'
import type { Handle, Handled } from './consumer.ts'
import type { Event, NewEvent } from './event.ts'

/** The spans on both sides of Kafka. The headers of a record name the span that has sent it. */

type Send = (event: NewEvent) => Promise<void>

/** Sends an event in a span of the trace that it carries, or of the active one. */
export const sendInSpan = (event: NewEvent, send: Send): Promise<void> => {
  const options = { kind: SpanKind.PRODUCER, attributes: attributesOf(event.type, 'send') }
  const name = `send ${topicOf(event.type)}`
  return inSpanOf(callerOf(event.trace.traceparent), name, options, (span) =>
    send(span ? { ...event, trace: carrying(event, span) } : event),
  )
}

/**
 * Each event gets a span in the trace that it carries, and the handler gets the event with that span.
 * The work of the handler for all events is a child of the first span, with links to the others.
 */
export const tracedHandle =
  (handle: Handle): Handle =>
  async (events) => {
    const spans = events.map(startSpan)
    const callers = spans.map((span) => span.spanContext())
    const carried = events.map(
      (event, index): Event => ({
        ...event,
        trace: carrying(event, spans[index]),
      }),
    )
    const attributes = { 'flash_deal.batch.size': events.length }
    try {
      const results = await inSharedSpan(callers, 'process batch', { attributes }, () =>
        handle(carried),
      )
      for (const [index, span] of spans.entries()) endSpan(span, results[index])
      return results
    } catch (error) {
      for (const span of spans) endSpan(span, { error })
      throw error
    }
  }

const startSpan = ({ type, trace: headers }: Event): Span => {
  const options = { kind: SpanKind.CONSUMER, attributes: attributesOf(type, 'process') }
  const sender = spanContextFrom(headers.traceparent)
  const parent = sender ? trace.setSpanContext(ROOT_CONTEXT, sender) : ROOT_CONTEXT
  return tracer.startSpan(`process ${topicOf(type)}`, options, parent)
}

const endSpan = (span: Span, { error }: Handled = {}): void => {
  if (error !== undefined) markFailed(span, error)
  span.end()
}

/** The headers of an event, with this span instead of its parent. */
const carrying = (
  { trace: headers }: Pick<Event | NewEvent, 'trace'>,
  span: Span | undefined,
): Event['trace'] =>
  span ? { ...headers, traceparent: traceparentOf(span.spanContext()) } : headers

const topicOf = (type: EventType): string => eventKinds[type].topic

const attributesOf = (type: EventType, operation: 'send' | 'process'): Attributes => ({
  'messaging.system': 'kafka',
  'messaging.destination.name': topicOf(type),
  'messaging.operation.type': operation,
  'flash_deal.event.type': type,
})
