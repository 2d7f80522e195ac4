import type { Settings } from '@flash-deal/config'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export type LimitName = 'address' | 'user' | 'logins'

/** What a client may do in a window; a window begins with the first request in it. */
export type Limit = {
  name: LimitName
  /** Requests in a window. */
  max: number
  windowMs: number
  /** Whom a request is counted for: at most 64 characters. */
  clientOf(request: FastifyRequest): string
}

/**
 * Counts a request. Returns 0 if it is admitted, otherwise the milliseconds until the window ends. A
 * promise never rejects.
 */
export type Limiter = (request: FastifyRequest) => number | Promise<number>

export type LimiterOptions = { app: FastifyInstance; settings: Settings<'gateway'> }

/** Makes the limiter of each limit. */
export type Limiters = (limit: Limit) => Limiter

/** Undefined where nothing is limited: then no hook is registered. */
export type LimiterFactory = (options: LimiterOptions) => Limiters | undefined
