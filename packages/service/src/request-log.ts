import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { traceIdOf } from './trace.ts'

/** One log line for each response. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    // These fields contain no secrets, so they are not redacted.
    const lines = app.log.child({}, { formatters: { log: (fields) => fields } })
    app.addHook('onResponse', (request, reply, done) => {
      const { config, url } = request.routeOptions
      const operation = config.operationId ?? url
      const level = operation !== undefined && quiet.has(operation) ? 'debug' : 'info'
      lines[level](
        {
          request_id: request.id,
          trace_id: traceIdOf(request.raw),
          operation,
          method: request.method,
          status: reply.statusCode,
          ...(request.errorCode !== '' && { error: request.errorCode }),
          ms: Math.round(reply.elapsedTime * 10) / 10,
        },
        'request completed',
      )
      done()
    })
  },
  { name: 'request-log' },
)

/** Operations that are polled every few seconds. */
const quiet = new Set(['health', 'ready'])
