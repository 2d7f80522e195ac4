import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { AppName, Scenarios } from '@flash-deal/config'
import { errorHandler, fromUnknown, sendError } from '@flash-deal/errors'
import Fastify, { type FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import { type ConnectionSettings, connections } from './connections.ts'
import { health } from './health.ts'
import { jsonType } from './json-bodies.ts'
import { loggerOptions } from './logger.ts'
import { metrics } from './metrics.ts'
import { requestIdOf } from './request-id.ts'
import { requestLog } from './request-log.ts'

export type CreateOptions = {
  name: AppName
  /** `TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed; only the gateway has any. */
  settings: ConnectionSettings
  scenarios: Scenarios
  /** Where log lines go; stdout by default. */
  logStream?: DestinationStream | undefined
}

/** A Fastify instance with all that services have in common, before any service is in it. */
export const createService = async ({
  name,
  settings,
  scenarios,
  logStream,
}: CreateOptions): Promise<FastifyInstance> => {
  const app = Fastify({
    ...loggerOptions(name, settings.LOG_LEVEL, logStream),
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    trustProxy: settings.TRUSTED_PROXIES?.length ? [...settings.TRUSTED_PROXIES] : false,
    bodyLimit: settings.BODY_LIMIT_BYTES,
    // As long as Node lets a request's head be: an id that is too long is refused by its schema.
    routerOptions: { maxParamLength: 16_384 },
    requestTimeout: settings.DEADLINE_MS * 2,
    // Longer than the keep-alive of the callers, so that it is they who let go of a connection.
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // No hook has run by then.
    frameworkErrors: (error, request, reply) =>
      sendError(request, reply.header('x-request-id', request.id), fromUnknown(error)),
    clientErrorHandler: refuseRaw,
  })
  app.server.headersTimeout = 10_000
  // Hooks of every request call back: a promise each would be a tenth of a cached answer's cost.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  // As it leaves: a request that was there before the draining must not keep its connection either.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (app.draining) reply.header('connection', 'close')
    done(null, payload)
  })
  await app.register(errorHandler)
  await app.register(health, { name, scenarios })
  await app.register(metrics)
  await app.register(connections, { settings })
  await app.register(requestLog)
  return app
}

/** What cannot be read as HTTP gets the same envelope as everything else, and the door. */
function refuseRaw(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const body = '{"error":"MALFORMED_BODY","message":"The request is not valid HTTP."}'
  // Not the error itself: it carries the raw bytes, with whatever secrets are among them.
  this.log.debug({ code: error.code }, 'request that is not valid HTTP')
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${jsonType}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}
