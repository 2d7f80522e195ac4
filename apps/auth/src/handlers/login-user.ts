import type { AuthOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import { assertPasswordLength } from '../domain/password-length.ts'
import { userGetCredentials } from '../gen/queries.ts'

export const loginUser: Handler<AuthOperations['loginUser']> = async (request, reply) => {
  const { server, db, body, deadline } = request
  assertPasswordLength(body.password)
  const user = await userGetCredentials(db, { email: body.email })
  const isValid = await server.passwords.verify(body.password, user?.password_hash, deadline)
  if (!user || !isValid) throw new ApiError('INVALID_CREDENTIALS')
  reply.header('cache-control', 'no-store')
  return server.session(user.id, await server.refreshTokens.begin(db, user.id))
}
