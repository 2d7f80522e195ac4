import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'

/** `request.userId`: empty until `identify` has found the user. */
export const identity = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('userId', '')
  },
  { name: 'identity' },
)

/**
 * For operations with a token: identifies the user before the body is read. No promise is created if
 * the result is known at once.
 */
export const identify: onRequestHookHandler = (request, _reply, done) => {
  const known = (userId: string): void => {
    request.userId = userId
    done()
  }
  try {
    const found = request.server.userOfToken(request)
    if (typeof found === 'string') known(found)
    else found.then(known, done)
  } catch (error) {
    done(error instanceof Error ? error : new Error('No user was found.', { cause: error }))
  }
}
