import { roundRobin, routeOf } from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { headerListOf } from '../../domain/header-list.ts'
import {
  isChecked,
  isRead,
  type ProxiedOperation,
  wholeOperations,
} from '../../domain/proxied-operations.ts'
import { RetryBudget } from '../../domain/retry-budget.ts'
import { routeClassOf } from '../../domain/route-class.ts'
import { Exchange, type OperationOptions } from './exchange.ts'
import type { ProxyRoutes } from './seam.ts'

/** One route for each operation of the contracts. Everything that does not depend on a request is computed at the start. */
export const dispatchRoutes: ProxyRoutes = async (app, options) => {
  keepBodies(app)
  const budget = new RetryBudget()
  const onDispatch = app.witness('H5', 'dispatched')
  for (const each of wholeOperations) {
    const fixed = fixedOptions(app, each, options.settings.INTERNAL_KEY)
    const given = { ...fixed, budget, onDispatch }
    app.route({
      method: each.operation.method.toUpperCase(),
      url: routeOf(each.operation),
      onRequest: isChecked(each) ? [options.identify] : [],
      handler: (request, reply) => new Exchange(given, request, reply).begin(),
    })
  }
}

/** Bodies are buffered up to the limit and forwarded unchanged. */
const keepBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    (_: FastifyRequest, body: Buffer, done: (error: null, body?: Buffer) => void) =>
      done(null, body.length === 0 ? undefined : body),
  )
}

const fixedOptions = (
  app: FastifyInstance,
  each: ProxiedOperation,
  internalKey: string,
): Omit<OperationOptions, 'budget' | 'onDispatch'> => {
  return {
    pool: app.routePools[routeClassOf(each)],
    nextOrigin: roundRobin(app.upstreamUrls[each.upstream].map((url) => new URL(url).origin)),
    headersOf: headerListOf({
      internalKey,
      isRead: isRead(each),
      needsToken: each.upstream === 'auth',
    }),
    isRead: isRead(each),
  }
}
