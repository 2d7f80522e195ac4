import type { FastifyInstance } from 'fastify'

/** M7 in the gateway: adds hooks to the routes that are registered after it. */
export type SoldOut = (app: FastifyInstance) => void
