import { timingSafeEqual } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { Deadline } from './deadline.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The user of the request; set on operations that need a token. */
    userId: string
    /** Whether the caller sent the internal key, so that its headers are trusted. */
    isInternal: boolean
    deadline: Deadline
  }
}

export type IdentityOptions = { internalKey: string; deadlineMs: number }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Trusts the identity headers only of callers that send the internal key. */
export const identity = fp(
  async (app: FastifyInstance, { internalKey, deadlineMs }: IdentityOptions) => {
    const isKey = sameAs(internalKey)
    app.decorateRequest('userId', '')
    app.decorateRequest('isInternal', false)
    // The hook below sets it for every request before it is read.
    app.decorateRequest('deadline', null as unknown as Deadline)
    app.addHook('onRequest', (request, _reply, done) => {
      request.isInternal = isKey(request.headers['x-internal-key'])
      request.deadline = Deadline.in(allowedMs(request, deadlineMs))
      const isRefused = !request.isInternal && claimsIdentity(request)
      done(isRefused ? new ApiError('UNAUTHORIZED') : undefined)
    })
  },
  { name: 'identity' },
)

/** For operations between services: UNAUTHORIZED without the internal key. */
export const requireInternal: onRequestHookHandler = ({ isInternal }, _reply, done) => {
  const message = 'The internal key is required.'
  done(isInternal ? undefined : new ApiError('UNAUTHORIZED', { message }))
}

/** For operations of a user, behind a gateway that verified the token: UNAUTHORIZED without one. */
export const requireUser: onRequestHookHandler = (request, _reply, done) => {
  const userId = request.headers['x-user-id']
  if (!request.isInternal || typeof userId !== 'string' || !uuid.test(userId))
    return done(new ApiError('UNAUTHORIZED'))
  request.userId = userId
  done()
}

const claimsIdentity = ({ headers }: FastifyRequest): boolean =>
  headers['x-user-id'] !== undefined || headers['x-internal-key'] !== undefined

/** The remaining time of an internal caller, at most the limit of a request here. */
const allowedMs = (request: FastifyRequest, deadlineMs: number): number => {
  const given = request.isInternal
    ? Number(request.headers['x-deadline-ms'] ?? deadlineMs)
    : deadlineMs
  return Number.isFinite(given) ? Math.min(given, deadlineMs) : deadlineMs
}

/** Compares in constant time. */
export const sameAs = (expected: string) => {
  const right = Buffer.from(expected)
  return (given: unknown): boolean => {
    if (typeof given !== 'string') return false
    const left = Buffer.from(given)
    return left.length === right.length && timingSafeEqual(left, right)
  }
}
