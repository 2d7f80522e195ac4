import { callerOf, inSpanOf, traceparentOf } from '@flash-deal/telemetry'
import { SpanKind } from '@opentelemetry/api'
import type { GrpcCall } from './channel.ts'

/** Runs each call in a span. Its id is in the metadata, so that the service continues the trace. */
export const tracedCall =
  (call: GrpcCall): GrpcCall =>
  (method, message, context) => {
    const name = method.path.slice(1)
    const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': name }
    const options = { kind: SpanKind.CLIENT, attributes }
    return inSpanOf(callerOf(context.trace.traceparent), name, options, (span) => {
      if (span === undefined) return call(method, message, context)
      const traceparent = traceparentOf(span.spanContext())
      return call(method, message, { ...context, trace: { ...context.trace, traceparent } })
    })
  }
