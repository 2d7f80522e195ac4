import { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify'
import type { DestinationStream } from 'pino'
import { joinTrace } from './trace.ts'

/** What must never be written, wherever a line might carry it. */
const secretPaths = [
  'authorization',
  'cookie',
  'password',
  'access_token',
  'refresh_token',
  'x-internal-key',
]

const redact = {
  paths: secretPaths.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
  censor: '[redacted]',
}

/**
 * Logging: one JSON line a request, each with the request's id and the trace's. Lines go to stdout
 * unless a stream is given.
 */
export const loggerOptions = (name: string, level: string, stream?: DestinationStream) =>
  ({
    logger: { name, level, redact, base: { name }, ...(stream && { stream }) },
    logController: new LogController({
      // Fastify writes two lines a request; the `metrics` plugin writes one.
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    childLoggerFactory: (logger, bindings, options, request): FastifyBaseLogger =>
      logger.child({ ...bindings, trace_id: joinTrace(request) }, options),
  }) satisfies FastifyServerOptions
