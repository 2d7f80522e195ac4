import type { AuthOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

export const getJwks: Handler<AuthOperations['getJwks']> = async ({ server }) => ({
  keys: [...server.publicKeys],
})
