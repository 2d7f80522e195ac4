import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { serveGrpc } from './grpc.ts'
import type { TransportServer } from './seam.ts'

/** The contract's own routes are enough. */
const overHttp: TransportServer = () => {}

const variants = {
  baseline: overHttp,
  http: overHttp,
  optimized: overHttp,
  grpc: serveGrpc,
} satisfies Record<VariantOf<'H1'>, TransportServer>

export type TransportOptions = { variant: VariantOf<'H1'>; settings: Settings<'product'> }

/** H1: how order calls product. */
export const productTransport = fp(
  async (app: FastifyInstance, { variant, settings }: TransportOptions) => {
    variants[variant]({ app, settings })
  },
  {
    name: 'h1-product-transport',
    dependencies: ['database', 'error-handler', 'health', 'metrics', 'm1-hot-row'],
  },
)
