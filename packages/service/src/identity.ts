import { timingSafeEqual } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Deadline } from './deadline.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is; set on operations that ask for a token. */
    userId: string
    /** The caller showed the internal key: its headers may be believed. */
    isInternal: boolean
    deadline: Deadline
  }
}

export type IdentityOptions = { internalKey: string; deadlineMs: number }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Believes the headers of a caller that shows the internal key, and of nobody else. */
export const identity = fp(
  async (app: FastifyInstance, { internalKey, deadlineMs }: IdentityOptions) => {
    const isKey = sameAs(internalKey)
    app.decorateRequest('userId', '')
    app.decorateRequest('isInternal', false)
    // Set for every request by the hook below, before anything can read it.
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

/** For operations between services. @throws ApiError UNAUTHORIZED */
export const requireInternal = async (request: FastifyRequest): Promise<void> => {
  if (!request.isInternal)
    throw new ApiError('UNAUTHORIZED', { message: 'The internal key is required.' })
}

/** For operations of a user, behind a gateway that verified the token. @throws ApiError UNAUTHORIZED */
export const requireUser = async (request: FastifyRequest): Promise<void> => {
  const userId = request.headers['x-user-id']
  if (!request.isInternal || typeof userId !== 'string' || !uuid.test(userId)) {
    throw new ApiError('UNAUTHORIZED')
  }
  request.userId = userId
}

const claimsIdentity = ({ headers }: FastifyRequest): boolean =>
  headers['x-user-id'] !== undefined || headers['x-internal-key'] !== undefined

/** What the caller still has, if it is one of ours; never more than a request may take here. */
const allowedMs = (request: FastifyRequest, deadlineMs: number): number => {
  const given = request.isInternal
    ? Number(request.headers['x-deadline-ms'] ?? deadlineMs)
    : deadlineMs
  return Number.isFinite(given) ? Math.min(given, deadlineMs) : deadlineMs
}

/** Compares in a time that does not tell how much was right. */
export const sameAs = (expected: string) => {
  const right = Buffer.from(expected)
  return (given: unknown): boolean => {
    if (typeof given !== 'string') return false
    const left = Buffer.from(given)
    return left.length === right.length && timingSafeEqual(left, right)
  }
}
