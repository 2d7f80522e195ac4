import type { Settings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'

export type TransportServerOptions = { app: FastifyInstance; settings: Settings<'product'> }

/** H1, product's part: takes the internal operations by another way than HTTP, where a variant has one. */
export type TransportServer = (options: TransportServerOptions) => void
