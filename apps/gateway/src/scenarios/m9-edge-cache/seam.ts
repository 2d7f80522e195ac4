import type { Settings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'

export type EdgeCacheOptions = { app: FastifyInstance; settings: Settings<'gateway'> }

/** Adds hooks to the routes that are registered after it. */
export type EdgeCache = (options: EdgeCacheOptions) => void
