import type { AuthOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import { userGet } from '../gen/queries.ts'

export const getMyProfile: Handler<AuthOperations['getMyProfile']> = async ({ db, userId }) => {
  const user = await userGet(db, { id: userId })
  // The token is valid, but its user does not exist in this database.
  if (!user) throw new ApiError('INVALID_TOKEN')
  return user
}
