import type { AuthOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

/** Five minutes: a new key has to be published for that long before it signs. */
const cacheControl = 'public, max-age=300'

export const getJwks: Handler<AuthOperations['getJwks']> = async ({ server }, reply) => {
  reply.header('cache-control', cacheControl)
  return { keys: server.publicKeys() }
}
