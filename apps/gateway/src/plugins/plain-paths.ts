import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Every path of the contracts is plain: segments of letters, digits, `.`, `_`, `~` and `-`, none of
 * them empty, a single dot, or with two dots in a row. Other content (`%2e`, `//`, `;`, `\`, a scheme)
 * may be interpreted differently by a service behind the gateway, and is rejected.
 */
const plain = /^(?!.*\.\.)(\/(?!\.(\/|$))[\w.~-]+)+\/?$/

export const plainPaths = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', async (request, reply) => {
      const { url = '' } = request.raw
      const [path = ''] = url.split('?', 1)
      if (path === '/' || plain.test(path)) return
      if (request.is404) throw new ApiError('NOT_FOUND')
      // The decoded path may match a route; its errors must not apply.
      return reply.callNotFound()
    })
  },
  { name: 'plain-paths' },
)
