import type { AuthOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'

export const refreshToken: Handler<AuthOperations['refreshToken']> = async (
  { server, db, body },
  reply,
) => {
  const rotated = await server.refreshTokens.rotate(db, body.refresh_token)
  if (!rotated) throw new ApiError('INVALID_TOKEN')
  reply.header('cache-control', 'no-store')
  return server.session(rotated.userId, rotated.refreshToken)
}
