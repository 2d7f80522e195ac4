import { type HealthHandlers, healthService, reservationsService } from '@flash-deal/contracts/grpc'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { FastifyInstance } from 'fastify'
import { reservationsOf } from './grpc/operations.ts'
import type { TransportServerOptions } from './seam.ts'

/** The maximum number of concurrent calls on one connection; more calls wait at the caller. */
const streamsMax = 256

/** Serves gRPC on a separate port, in addition to HTTP, until the app closes. */
export const serveGrpc = (options: TransportServerOptions): void => {
  const { app, settings } = options
  const server = new Server({
    'grpc.max_receive_message_length': settings.BODY_LIMIT_BYTES,
    'grpc.max_concurrent_streams': streamsMax,
    'grpc.max_metadata_size': settings.HEADERS_LIMIT_BYTES,
  })
  server.addService(reservationsService, reservationsOf(options))
  server.addService(healthService, healthOf(app))
  const address = `${settings.HOST}:${settings.PRODUCT_GRPC_PORT}`
  app.addHook('onReady', () => bind(server, address))
  app.addHook('onClose', () => shutDown(server))
}

/** @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const healthOf = (app: FastifyInstance): HealthHandlers => ({
  Check: (_call, callback) => callback(null, { status: app.draining ? 'NOT_SERVING' : 'SERVING' }),
})

/** @throws Error if it cannot listen on the port */
const bind = (server: Server, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    )
  })

/** Resolves when the calls in flight have ended; each has a deadline. */
const shutDown = (server: Server): Promise<void> =>
  new Promise((resolve) => server.tryShutdown(() => resolve()))
