import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { TransportServer, TransportServerOptions } from './seam.ts'

/** HTTP only: the routes of the contract exist already. */
const overHttp: TransportServer = () => {}

/** Loaded only if it is chosen: loading the libraries of gRPC takes a fifth of the start time. */
const overGrpc = async (options: TransportServerOptions): Promise<void> =>
  (await import('./grpc.ts')).serveGrpc(options)

const variants = {
  baseline: overHttp,
  http: overHttp,
  optimized: overHttp,
  grpc: overGrpc,
} satisfies Record<VariantOf<'H1'>, TransportServer | typeof overGrpc>

export type TransportOptions = { variant: VariantOf<'H1'>; settings: Settings<'product'> }

/** H1: how order calls product. */
export const productTransport = fp(
  async (app: FastifyInstance, { variant, settings }: TransportOptions) => {
    await variants[variant]({ app, settings })
  },
  {
    name: 'h1-product-transport',
    dependencies: ['database', 'error-handler', 'health', 'metrics', 'm1-hot-row'],
  },
)
