import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
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

/** Logging: one JSON line a request, each with the request's id and the trace's. */
export const loggerOptions = (name: string, level: string) =>
  ({
    logger: { name, level, redact, base: { name } },
    // Fastify writes two lines a request; the `access-log` plugin writes one.
    disableRequestLogging: true,
    requestIdLogLabel: 'request_id',
    childLoggerFactory: (logger, bindings, options, request): FastifyBaseLogger =>
      logger.child({ ...bindings, trace_id: joinTrace(request) }, options),
  }) satisfies FastifyServerOptions
