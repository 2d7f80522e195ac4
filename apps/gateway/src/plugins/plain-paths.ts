import { ApiError } from '@flash-deal/errors'
import { pathOf } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Every path of the contracts is plain: segments of letters, digits, `.`, `_`, `~` and `-`, none of
 * them empty, a single dot, or with two dots in a row. Other content (`%2e`, `//`, `;`, `\`, a scheme)
 * may be interpreted differently by a service behind the gateway, and is rejected.
 */
const plain = /^(?:\/(?!\.(?:\/|$))[\w.~-]+)+\/?$/

const isPlain = (path: string): boolean =>
  path === '/' || (plain.test(path) && !path.includes('..'))

export const plainPaths = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      if (isPlain(pathOf(request.raw.url ?? ''))) done()
      else if (request.is404) done(new ApiError('NOT_FOUND'))
      // The decoded path may match a route; its errors must not apply.
      else reply.callNotFound()
    })
  },
  { name: 'plain-paths' },
)
