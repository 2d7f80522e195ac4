import { ApiError, fromUnknown } from '@flash-deal/errors'
import { Deadline, joinTrace, requestIdOf, sameAs } from '@flash-deal/service'
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
  return <Sent, Answer>(
    operation: string,
    work: Work<Sent, Answer>,
  ): handleUnaryCall<Sent, Answer> =>
    (call, callback) => {
      const { request, metadata } = call
      count()
      const write = lineWriter(app, operation, metadata)
      const answer = async (): Promise<Answer> => {
        if (!isKey(firstOf(metadata, 'x-internal-key'))) throw unauthorized()
        return work(request, deadlineWithin(call.getDeadline(), settings.DEADLINE_MS))
      }
      answer().then(
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

/** One log line for each response, with the fields of those over HTTP. */
const lineWriter = (app: FastifyInstance, operation: string, metadata: Metadata) => {
  const startedAt = performance.now()
  const names = ['traceparent', 'x-request-id']
  const request = {
    headers: Object.fromEntries(names.map((name) => [name, firstOf(metadata, name)])),
  }
  const ids = { request_id: requestIdOf(request), trace_id: joinTrace(request) }
  return (error?: ApiError): void => {
    if (error) logCause(app, error)
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const outcome = { status: error?.statusCode ?? 200, ...(error && { error: error.code }) }
    app.log.info({ ...ids, operation, method: 'gRPC', ...outcome, ms }, 'request completed')
  }
}

const logCause = (app: FastifyInstance, error: ApiError): void => {
  if (error.code === 'INTERNAL_ERROR') app.log.error({ err: error }, error.message)
  else if (error.statusCode >= 500 && error.cause !== undefined)
    app.causeLog.write(app.log, error, error.message)
}
