import { ApiError, fromUnknown } from '@flash-deal/errors'
import { Deadline, requestIdOf, type ServerSpans, sameAs, serverSpans } from '@flash-deal/service'
import type { handleUnaryCall, Metadata } from '@grpc/grpc-js'
import type { FastifyInstance } from 'fastify'
import type { TransportServerOptions } from '../seam.ts'
import { statusOf } from './statuses.ts'

/** @throws ApiError, which is sent as a status */
export type Work<Sent, Answer> = (request: Sent, deadline: Deadline) => Promise<Answer>

/**
 * Creates handlers of internal operations with everything that a request over HTTP has: the internal
 * key, a deadline, a span, a log line, and errors of the catalogue.
 */
export const unaryIn = ({ app, settings }: TransportServerOptions) => {
  const isKey = sameAs(settings.INTERNAL_KEY)
  const count = app.witness('H1', 'grpc_served')
  const spans = serverSpans()
  return <Sent, Answer>(
    operation: string,
    work: Work<Sent, Answer>,
  ): handleUnaryCall<Sent, Answer> =>
    (call, callback) => {
      const { request, metadata } = call
      count()
      const received = requestFrom(metadata)
      const write = lineWriter(app, operation, received, spans)
      const answer = async (): Promise<Answer> => {
        if (!isKey(firstOf(metadata, 'x-internal-key'))) throw unauthorized()
        return work(request, deadlineWithin(call.getDeadline(), settings.DEADLINE_MS))
      }
      spans.run(received, answer).then(
        (answered) => {
          write()
          callback(null, answered)
        },
        (thrown) => {
          const error = fromUnknown(thrown)
          write(error)
          callback(statusOf(error))
        },
      )
    }
}

const unauthorized = (): ApiError =>
  new ApiError('UNAUTHORIZED', { message: 'The internal key is required.' })

const firstOf = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name)
  return typeof value === 'string' ? value : undefined
}

/** The caller's remaining time, at most the deadline of the settings. */
const deadlineWithin = (given: Date | number, deadlineMs: number): Deadline =>
  Deadline.in(Math.min(Number(given) - Date.now(), deadlineMs))

/** The ids of the request and of the trace, as HTTP headers. */
const requestFrom = (metadata: Metadata) => {
  const names = ['traceparent', 'x-request-id']
  return { headers: Object.fromEntries(names.map((name) => [name, firstOf(metadata, name)])) }
}

/** One log line for each response, with the fields of those over HTTP, and the end of its span. */
const lineWriter = (
  app: FastifyInstance,
  operation: string,
  request: ReturnType<typeof requestFrom>,
  spans: ServerSpans,
) => {
  const startedAt = performance.now()
  const ids = { request_id: requestIdOf(request), trace_id: spans.join(request) }
  return (error?: ApiError): void => {
    if (error) logCause(app, error)
    spans.end(request, endOf(operation, ids.request_id, error))
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const outcome = { status: error?.statusCode ?? 200, ...(error && { error: error.code }) }
    app.log.info({ ...ids, operation, method: 'gRPC', ...outcome, ms }, 'request completed')
  }
}

const endOf = (operation: string, requestId: string, error: ApiError | undefined) => ({
  name: operation,
  attributes: {
    'rpc.system.name': 'grpc',
    'flash_deal.operation': operation,
    'flash_deal.request_id': requestId,
  },
  ...(error && error.statusCode >= 500 && { failure: error.code }),
})

const logCause = (app: FastifyInstance, error: ApiError): void => {
  if (error.code === 'INTERNAL_ERROR') app.log.error({ err: error }, error.message)
  else if (error.statusCode >= 500 && error.cause !== undefined)
    app.causeLog.write(app.log, error, error.message)
}
