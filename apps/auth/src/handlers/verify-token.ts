import type { AuthOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

export const verifyToken: Handler<AuthOperations['verifyToken']> = async ({ userId }) => ({
  valid: true,
  user_id: userId,
})
