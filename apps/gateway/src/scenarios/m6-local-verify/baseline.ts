import { ApiError } from '@flash-deal/errors'
import { contextOf } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { Agent } from 'undici'
import { inTurn } from '../../domain/in-turn.ts'
import type { TokenBearer, TokenVerifier } from './plugin.ts'

/** Auth is asked about each token. */
export const askAuth = async (app: FastifyInstance): Promise<TokenVerifier> => {
  const agent = new Agent({ connections: 64, connect: { timeout: 1_000 } })
  app.addHook('onClose', () => agent.destroy())
  const count = app.witness('M6', 'auth_asked')
  const nextUrl = inTurn(app.upstreamUrls.auth)

  const userOf = async (request: TokenBearer): Promise<string> => {
    const { authorization } = request.headers
    if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
    const { deadline, trace } = contextOf(request)
    count()
    const signal = AbortSignal.timeout(deadline.remainingMs())
    const failed = (cause: unknown): never => (signal.aborted ? late(cause) : unavailable(cause))
    const { statusCode, body } = await agent
      .request({
        origin: nextUrl(),
        path: '/auth/verify',
        method: 'GET',
        headers: { ...trace, authorization },
        signal,
      })
      .catch(failed)
    const answer = await body.json().catch(failed)
    if (statusCode === 401) throw new ApiError('INVALID_TOKEN')
    return statusCode === 200
      ? userIdIn(answer)
      : unavailable(new Error(`auth answered ${statusCode}.`))
  }
  return { userOf }
}

const userIdIn = (answer: unknown): string => {
  if (typeof answer === 'object' && answer !== null && 'user_id' in answer)
    return String(answer.user_id)
  return unavailable(new Error('auth answered with another shape.'))
}

const late = (cause: unknown): never => {
  throw new ApiError('DEADLINE_EXCEEDED', { cause })
}

const unavailable = (cause: unknown): never => {
  throw new ApiError('SERVICE_UNAVAILABLE', { cause })
}
