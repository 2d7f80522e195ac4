import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { authorizationMax, type CallContext, contextOf, roundRobin } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { TokenBearer, TokenVerifier } from './seam.ts'

/** Calls auth for each token. */
export const askAuth = async (
  app: FastifyInstance,
  { INTERNAL_KEY }: Settings<'gateway'>,
): Promise<TokenVerifier> => {
  const pool = app.routePools.tokens
  const count = app.witness('M6', 'auth_asked')
  const nextUrl = roundRobin(app.upstreamUrls.auth)

  const ask = async (authorization: string, { deadline, trace }: CallContext) => {
    const left = deadline.remainingMs()
    const signal = AbortSignal.timeout(left)
    const headers = {
      ...trace,
      authorization,
      // Auth accepts a deadline from callers with the internal key.
      'x-internal-key': INTERNAL_KEY,
      'x-deadline-ms': `${left}`,
    }
    const failed = (cause: unknown): never => (signal.aborted ? late(cause) : unavailable(cause))
    const outgoing = { origin: nextUrl(), path: '/auth/verify', method: 'GET', headers, signal }
    const { statusCode, body } = await pool.agent.request(outgoing).catch(failed)
    return { statusCode, answer: await body.json().catch(failed) }
  }

  const userOf = async (request: TokenBearer): Promise<string> => {
    const { authorization } = request.headers
    if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
    // With the headers of this call, a long one would exceed the limit of auth.
    if (authorization.length > authorizationMax) throw new ApiError('INVALID_TOKEN')
    const call = contextOf(request)
    count()
    const { statusCode, answer } = await pool.run(request, () => ask(authorization, call))
    if (statusCode === 401) throw new ApiError('INVALID_TOKEN')
    return statusCode === 200
      ? userIdIn(answer)
      : unavailable(new Error(`auth returned ${statusCode}.`))
  }
  return { userOf }
}

const userIdIn = (answer: unknown): string => {
  if (typeof answer === 'object' && answer !== null && 'user_id' in answer)
    return String(answer.user_id)
  return unavailable(new Error('The response of auth does not match its contract.'))
}

const late = (cause: unknown): never => {
  throw new ApiError('DEADLINE_EXCEEDED', { cause })
}

const unavailable = (cause: unknown): never => {
  throw new ApiError('SERVICE_UNAVAILABLE', { cause })
}
