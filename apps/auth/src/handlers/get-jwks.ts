import type { AuthOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

/** A key is shown this long before it signs, so that every verifier has it by then. */
const cacheControl = 'public, max-age=300'

export const getJwks: Handler<AuthOperations['getJwks']> = async ({ server }, reply) => {
  reply.header('cache-control', cacheControl)
  return { keys: server.publicKeys() }
}
