import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Every path of the contracts is plain: segments of letters, digits, `.`, `_`, `~` and `-`, none of
 * them empty, a single dot, or with two dots in a row. Whatever else a path holds (`%2e`, `//`, `;`,
 * `\`, a scheme) is there to be read differently by somebody behind us.
 */
const plain = /^(?!.*\.\.)(\/(?!\.(\/|$))[\w.~-]+)+\/?$/

export const plainPaths = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', async (request, reply) => {
      const { url = '' } = request.raw
      const [path = ''] = url.split('?', 1)
      if (path === '/' || plain.test(path)) return
      if (request.is404) throw new ApiError('NOT_FOUND')
      // Not an error of the route that the path would lead to when it is decoded.
      return reply.callNotFound()
    })
  },
  { name: 'plain-paths' },
)
