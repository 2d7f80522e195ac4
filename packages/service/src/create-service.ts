import type { IncomingMessage } from 'node:http'
import { type AppName, inGo, type Scenarios, type ServiceSettings } from '@flash-deal/config'
import { errorHandler, fromUnknown, sendError } from '@flash-deal/errors'
import { isTracing } from '@flash-deal/telemetry'
import Fastify, { type FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import { connections } from './connections.ts'
import { health } from './health.ts'
import { loggerOptions } from './logger.ts'
import { metrics } from './metrics.ts'
import { refuseRaw, refuseRawRequests } from './raw-refusals.ts'
import { readingOptions } from './reading-options.ts'
import { requestIdOf } from './request-id.ts'
import { requestLog } from './request-log.ts'
import { httpSpans, requestSpans } from './server-spans.ts'
import { trustedProxies } from './trusted-proxies.ts'

export type CreateOptions = {
  name: AppName
  /** `TRUSTED_PROXIES`: proxies whose `X-Forwarded-For` is trusted. Only the gateway sets it. */
  settings: ServiceSettings & { readonly TRUSTED_PROXIES?: readonly string[] }
  scenarios: Scenarios
  /** The stream for log lines; stdout by default. */
  logStream?: DestinationStream | undefined
}

/** Creates the Fastify instance with the plugins that all services share. */
export const createService = async ({
  name,
  settings,
  scenarios,
  logStream,
}: CreateOptions): Promise<FastifyInstance> => {
  const spans = httpSpans()
  const { TRUSTED_PROXIES: proxies = [] } = settings
  const isTrustedProxy = trustedProxies(proxies)
  const app = Fastify({
    ...loggerOptions(name, settings.LOG_LEVEL, logStream, spans.join),
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    trustProxy: proxies.length > 0 && isTrustedProxy,
    bodyLimit: settings.BODY_LIMIT_BYTES,
    ...readingOptions(settings),
    // Longer than the keep-alive of the callers, so that the caller closes an idle connection.
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // No hook has run before this.
    frameworkErrors: (error, request, reply) =>
      sendError(request, reply.header('x-request-id', request.id), fromUnknown(error)),
    clientErrorHandler: refuseRaw,
  })
  // Hooks of every request use callbacks: promises would cost a tenth of a cached response.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  refuseRawRequests(app)
  // On send: a request that started before draining must not keep its connection either.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (app.draining) reply.header('connection', 'close')
    done(null, payload)
  })
  await app.register(errorHandler)
  await app.register(health, { name, scenarios })
  await app.register(metrics, { exemplars: isTracing() })
  countInNode(app, name)
  await app.register(connections, { settings, isTrustedProxy })
  await app.register(requestLog)
  // After the connections, whose hook continues a pipelined request in the context of the one before.
  if (isTracing()) await app.register(requestSpans, { spans })
  return app
}

/** The witness of a service that exists in Go, too. */
const countInNode = (app: FastifyInstance, name: AppName): void => {
  for (const [service, id] of Object.entries(inGo)) {
    if (service !== name) continue
    const answered = app.witness(id, 'answered_in_node')
    app.addHook('onResponse', (_request, _reply, done) => {
      answered()
      done()
    })
  }
}
