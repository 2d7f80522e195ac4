import { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify'
import type { DestinationStream } from 'pino'
import { standardOutput } from './log-stream.ts'
import { errorWithoutSecrets, withoutSecrets } from './redact.ts'
import { RequestLogger } from './request-logger.ts'
import { joinTrace, type WithHeaders } from './trace.ts'

/**
 * Logging: one JSON line per request, with the request id and the trace id. Lines are written to
 * stdout unless a stream is given.
 *
 * @param join adds a request to a trace, and returns the trace id
 */
export const loggerOptions = (
  name: string,
  level: string,
  stream?: DestinationStream,
  join: (request: WithHeaders) => string = joinTrace,
) =>
  ({
    logger: {
      name,
      level,
      base: { name },
      formatters: { log: withoutSecrets },
      serializers: { err: errorWithoutSecrets },
      stream: stream ?? standardOutput(),
    },
    logController: new LogController({
      // Fastify writes two lines per request; the `request-log` plugin writes one.
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    childLoggerFactory: (logger, bindings, options, request): FastifyBaseLogger =>
      new RequestLogger(logger, { ...bindings, trace_id: join(request) }, options),
  }) satisfies FastifyServerOptions
