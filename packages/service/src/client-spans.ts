import { documents, operationsOf } from '@flash-deal/contracts'
import { callerOf, isTracing, markFailed, traceparentOf, tracer } from '@flash-deal/telemetry'
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { Agent, type Dispatcher } from 'undici'
import { type Controller, ForwardingHandler, type ResponseHeaders } from './forwarding-handler.ts'
import { pathOf } from './path-of.ts'

type Options = Dispatcher.DispatchOptions

/** The connections to another service. If spans are recorded, each request has a span. */
export const clientAgent = (options: Agent.Options): Dispatcher => {
  const agent = new Agent(options)
  return isTracing() ? agent.compose(clientSpans) : agent
}

/** An interceptor of undici. `traceparent` is the span of the call, so the service continues it. */
const clientSpans: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const caller = isPolled(options) ? undefined : callerOf(valueIn(options.headers, 'traceparent'))
  if (caller === undefined) return dispatch(options, handler)
  const span = tracer.startSpan(nameOf(options), spanOptions(options), caller)
  const traceparent = traceparentOf(span.spanContext())
  const headers = withHeader(options.headers, 'traceparent', traceparent)
  return dispatch({ ...options, headers }, new SpanHandler(handler, span))
}

const isPolled = ({ path }: Options): boolean => path === '/health'

const spanOptions = ({ method, origin = '', path }: Options) => {
  const { hostname, port } = new URL(origin)
  return {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port),
      'url.template': templateOf(path),
    },
  }
}

const nameOf = ({ method, path }: Options): string => `${method} ${templateOf(path)}`

/** The segments of paths that are in the contracts. */
const words = new Set(
  Object.values(documents).flatMap((document) =>
    operationsOf(document).flatMap(({ path }) => path.split('/')),
  ),
)

/** Clients choose the query and all other segments, so a name does not contain them. */
const templateOf = (path: string): string =>
  pathOf(path)
    .split('/')
    .map((segment) => (words.has(segment) ? segment : '{id}'))
    .join('/')

/** Headers are an object, or a list in which names and values alternate. */
const valueIn = (headers: Options['headers'], name: string): unknown => {
  if (Array.isArray(headers)) {
    const at = headers.indexOf(name)
    return at < 0 ? undefined : headers[at + 1]
  }
  return headers && name in headers ? Reflect.get(headers, name) : undefined
}

const withHeader = (
  headers: Options['headers'],
  name: string,
  value: string,
): NonNullable<Options['headers']> => {
  if (!Array.isArray(headers)) return { ...headers, [name]: value }
  const at = headers.indexOf(name)
  return at < 0 ? [...headers, name, value] : headers.with(at + 1, value)
}

/** Ends the span of a request with its response. */
class SpanHandler extends ForwardingHandler {
  readonly #span: Span

  constructor(inner: Dispatcher.DispatchHandler, span: Span) {
    super(inner)
    this.#span = span
  }

  override onResponseStart(
    controller: Controller,
    status: number,
    headers: ResponseHeaders,
    message?: string,
  ): void {
    this.#span.setAttribute('http.response.status_code', status)
    if (status >= 400) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    super.onResponseStart(controller, status, headers, message)
  }

  override onResponseEnd(controller: Controller, trailers: ResponseHeaders): void {
    this.#span.end()
    super.onResponseEnd(controller, trailers)
  }

  override onResponseError(controller: Controller, error: Error): void {
    markFailed(this.#span, error)
    this.#span.end()
    super.onResponseError(controller, error)
  }
}
