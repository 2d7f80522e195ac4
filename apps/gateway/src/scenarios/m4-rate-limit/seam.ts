import type { Settings } from '@flash-deal/config'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export type LimitName = 'address' | 'user' | 'logins'

/** A limit per client and window; a window begins with its first request. */
export type Limit = {
  name: LimitName
  /** Requests in a window. */
  max: number
  windowMs: number
  /** The client of a request: at most 64 characters. */
  clientOf(request: FastifyRequest): string
}

/**
 * Counts a request. Returns 0 if it is admitted, otherwise the milliseconds until the window ends. A
 * promise never rejects.
 */
export type Limiter = (request: FastifyRequest) => number | Promise<number>

export type LimiterOptions = { app: FastifyInstance; settings: Settings<'gateway'> }

/** Creates the limiter of each limit. */
export type Limiters = (limit: Limit) => Limiter

/** Undefined without limits: then no hook is registered. */
export type LimiterFactory = (options: LimiterOptions) => Limiters | undefined
