import { randomUUID } from 'node:crypto'
import type { AuthOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import { assertPasswordLength } from '../domain/password-length.ts'
import { userCreate } from '../gen/queries.ts'

export const registerUser: Handler<AuthOperations['registerUser']> = async (request) => {
  const { server, db, body, deadline } = request
  assertPasswordLength(body.password)
  const user = await userCreate(db, {
    id: randomUUID(),
    email: body.email,
    password_hash: await server.passwords.hash(body.password, deadline),
    name: body.name,
  })
  if (!user) throw new ApiError('EMAIL_EXISTS')
  return user
}
