import { isTracing, spanContextFrom, traceparentOf, tracer } from '@flash-deal/telemetry'
import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { boundTracestate, joinTrace, type WithHeaders } from './trace.ts'

/** How a span ended. `failure` is the error code of a failure of this process, not of its caller. */
export type SpanEnd = { name: string; attributes: Attributes; failure?: string | undefined }

/** The spans of incoming requests, over HTTP or gRPC. A request is identified by its object. */
export type ServerSpans = {
  /** Joins the trace of the request as `joinTrace` does. */
  join(request: WithHeaders): string
  /** Runs work on behalf of a request that has joined its trace. */
  run<Result>(request: object, work: () => Result): Result
  end(request: object, how: SpanEnd): void
}

/** Without spans, only the headers and the log contain the trace. */
const withoutSpans: ServerSpans = {
  join: joinTrace,
  run: (_request, work) => work(),
  end: () => {},
}

type Open = { span: Span; context: Context }

const recorded = (): ServerSpans => {
  const open = new WeakMap<object, Open>()
  return {
    join(request) {
      const span = startSpan(request)
      open.set(request, { span, context: trace.setSpan(ROOT_CONTEXT, span) })
      return span.spanContext().traceId
    },
    run(request, work) {
      const own = open.get(request)
      return own ? context.with(own.context, work) : work()
    },
    end(request, { name, attributes, failure }) {
      const { span } = open.get(request) ?? {}
      span?.updateName(name).setAttributes(attributes)
      if (failure !== undefined)
        span?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', failure)
      span?.end()
    },
  }
}

const startSpan = (request: WithHeaders): Span => {
  const { headers } = request
  const caller = spanContextFrom(headers.traceparent)
  boundTracestate(request)
  const parent = caller ? trace.setSpanContext(ROOT_CONTEXT, caller) : ROOT_CONTEXT
  const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent)
  headers.traceparent = traceparentOf(span.spanContext())
  return span
}

/** The spans of this process, for every transport. */
export const serverSpans = (): ServerSpans => (isTracing() ? recorded() : withoutSpans)

/** Paths that are polled every few seconds have no span. */
const polled: ReadonlySet<unknown> = new Set(['/health', '/health/ready'])

/** The spans of requests over HTTP, joined where the logger of a request is created. */
export const httpSpans = (): ServerSpans => {
  const spans = serverSpans()
  return {
    ...spans,
    join: (request) =>
      'url' in request && polled.has(request.url) ? joinTrace(request) : spans.join(request),
  }
}

/** Runs each request in its span, which ends with the response. Only if spans are recorded. */
export const requestSpans = fp(
  async (app: FastifyInstance, { spans }: { spans: ServerSpans }) => {
    app.addHook('onRequest', ({ raw }, _reply, done) => spans.run(raw, done))
    // Node reads a body in the context of its connection.
    app.addHook('preValidation', ({ raw }, _reply, done) => spans.run(raw, done))
    app.addHook('onResponse', (request, reply, done) => {
      spans.end(request.raw, endOf(request, reply))
      done()
    })
  },
  { name: 'request-spans' },
)

const endOf = (request: FastifyRequest, { statusCode }: FastifyReply): SpanEnd => {
  const { config, url } = request.routeOptions
  return {
    name: url === undefined ? request.method : `${request.method} ${url}`,
    attributes: {
      'http.request.method': request.method,
      'http.response.status_code': statusCode,
      'flash_deal.request_id': request.id,
      ...(url !== undefined && { 'http.route': url }),
      ...(config.operationId !== undefined && { 'flash_deal.operation': config.operationId }),
    },
    ...(statusCode >= 500 && { failure: request.errorCode || String(statusCode) }),
  }
}
