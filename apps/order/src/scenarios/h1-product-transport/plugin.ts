import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { connectionPerCall } from './baseline.ts'
import { keptConnections } from './http.ts'
import { coalesced } from './optimized.ts'
import type { ProductTransport, ProductTransportOptions } from './seam.ts'

declare module 'fastify' {
  interface FastifyInstance {
    productTransport: ProductTransport
  }
}

type CreateTransport = (
  options: ProductTransportOptions,
) => ProductTransport | Promise<ProductTransport>

/** Loaded only if it is chosen: loading the gRPC libraries takes a fifth of the start time. */
const overGrpc: CreateTransport = async (options) => (await import('./grpc.ts')).overGrpc(options)

const variants = {
  baseline: connectionPerCall,
  http: keptConnections,
  optimized: coalesced,
  grpc: overGrpc,
} satisfies Record<VariantOf<'H1'>, CreateTransport>

export type TransportOptions = { variant: VariantOf<'H1'>; settings: Settings<'order'> }

/** H1: how order calls product. */
export const productTransport = fp(
  async (app: FastifyInstance, { variant, settings }: TransportOptions) => {
    const transport = await variants[variant]({ app, settings })
    app.decorate('productTransport', transport)
    app.addReadinessCheck('product', () => transport.ping())
    app.addHook('onClose', () => transport.close())
  },
  { name: 'h1-product-transport', dependencies: ['health', 'metrics'] },
)
