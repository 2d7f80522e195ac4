import type { Settings } from '@flash-deal/config'
import { showLoads } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { forEachClass, type RouteClass, routeClasses } from '../domain/route-class.ts'
import { boundsFrom } from '../domain/route-class-bounds.ts'
import { RoutePool } from '../domain/route-pool.ts'
import { urlsOf } from '../domain/upstreams.ts'

declare module 'fastify' {
  interface FastifyInstance {
    routePools: Readonly<Record<RouteClass, RoutePool>>
  }
}

const gauge = {
  name: 'route_class_requests',
  help: 'Requests of a class that a service processes, and that wait for a service',
  label: 'class',
}

/** The connection pools of the gateway, one per route class and service. */
export const routePools = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'gateway'> }) => {
    app.decorate('routePools', poolsFrom(settings))
    showLoads(app.metrics, gauge, app.routePools)
    app.addHook('onClose', async () => {
      await Promise.all(routeClasses.map((name) => app.routePools[name].close()))
    })
  },
  { name: 'route-pools', dependencies: ['metrics'] },
)

const poolsFrom = (settings: Settings<'gateway'>): Readonly<Record<RouteClass, RoutePool>> => {
  const bounds = boundsFrom(settings)
  const services = Object.values(urlsOf(settings))
  const poolOf = (name: RouteClass): RoutePool =>
    new RoutePool({ ...bounds[name], services, responseLimitBytes: settings.RESPONSE_LIMIT_BYTES })
  return forEachClass(poolOf)
}
