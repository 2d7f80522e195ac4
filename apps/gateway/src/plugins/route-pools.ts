import type { Settings } from '@flash-deal/config'
import { type BulkheadOptions, showRouteClasses } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type RouteClass, routeClasses } from '../domain/route-class.ts'
import { RoutePool } from '../domain/route-pool.ts'

declare module 'fastify' {
  interface FastifyInstance {
    routePools: Readonly<Record<RouteClass, RoutePool>>
  }
}

/** The connection pools of the gateway, one per route class and service. */
export const routePools = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'gateway'> }) => {
    app.decorate('routePools', poolsFrom(settings))
    showRouteClasses(app.metrics, app.routePools)
    app.addHook('onClose', async () => {
      await Promise.all(routeClasses.map((name) => app.routePools[name].close()))
    })
  },
  { name: 'route-pools', dependencies: ['metrics'] },
)

type Bounds = Readonly<Record<RouteClass, BulkheadOptions>>

const boundsFrom = (settings: Settings<'gateway'>): Bounds => {
  const queueMax = settings.UPSTREAM_QUEUE_MAX
  return {
    logins: { concurrency: settings.UPSTREAM_LOGINS, queueMax: settings.UPSTREAM_LOGINS_QUEUE_MAX },
    tokens: { concurrency: settings.UPSTREAM_TOKENS, queueMax },
    reads: { concurrency: settings.UPSTREAM_READS, queueMax },
    orders: { concurrency: settings.UPSTREAM_ORDERS, queueMax },
    changes: { concurrency: settings.UPSTREAM_CHANGES, queueMax },
  }
}

const poolsFrom = (settings: Settings<'gateway'>): Readonly<Record<RouteClass, RoutePool>> => {
  const bounds = boundsFrom(settings)
  const poolOf = (name: RouteClass): RoutePool =>
    new RoutePool({ ...bounds[name], responseLimitBytes: settings.RESPONSE_LIMIT_BYTES })
  return {
    logins: poolOf('logins'),
    tokens: poolOf('tokens'),
    reads: poolOf('reads'),
    orders: poolOf('orders'),
    changes: poolOf('changes'),
  }
}
