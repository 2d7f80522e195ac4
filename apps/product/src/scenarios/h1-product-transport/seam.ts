import type { Settings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'

export type TransportServerOptions = { app: FastifyInstance; settings: Settings<'product'> }

/** H1, product's part: serves the internal operations over another transport than HTTP, if the variant has one. */
export type TransportServer = (options: TransportServerOptions) => void
