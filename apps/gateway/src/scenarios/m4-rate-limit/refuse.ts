import { ApiError } from '@flash-deal/errors'
import type { FastifyReply, onRequestHookHandler } from 'fastify'
import type { Limit, Limiter } from './seam.ts'

/** A hook that responds 429 with `Retry-After`, `RateLimit` and `RateLimit-Policy` beyond a limit. */
export const refusing = (
  limit: Limit,
  limiter: Limiter,
  onRefused: () => void,
): onRequestHookHandler => {
  const setHeaders = headersOf(limit)
  return (request, reply, done) => {
    const refuse = (leftMs: number): void => {
      onRefused()
      const retryAfterS = Math.ceil(leftMs / 1_000)
      setHeaders(reply, retryAfterS)
      done(new ApiError('RATE_LIMITED', { retryAfterS }))
    }
    const decide = (leftMs: number): void => {
      if (leftMs > 0) refuse(leftMs)
      else done()
    }
    const found = limiter(request)
    if (typeof found === 'number') decide(found)
    else found.then(decide, done)
  }
}

/** @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
const headersOf = ({ name, max, windowMs }: Limit) => {
  const policy = `"${name}";q=${max};w=${windowMs / 1_000}`
  return (reply: FastifyReply, retryAfterS: number): void => {
    reply.header('ratelimit-policy', policy)
    reply.header('ratelimit', `"${name}";r=0;t=${retryAfterS}`)
  }
}
