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
    app.addHook('onRequest', async (request) => {
      const { url = '' } = request.raw
      const [path = ''] = url.split('?', 1)
      if (path !== '/' && !plain.test(path)) throw new ApiError('NOT_FOUND')
    })
  },
  { name: 'plain-paths' },
)
