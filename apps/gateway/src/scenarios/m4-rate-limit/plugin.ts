import fastifyRateLimit from '@fastify/rate-limit'
import type { Settings, VariantOf } from '@flash-deal/config'
import { routeOf } from '@flash-deal/service'
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import {
  isChecked,
  type ProxiedOperation,
  proxiedOperations,
} from '../../domain/proxied-operations.ts'
import { routeClassOf } from '../../domain/route-class.ts'
import { unlimited } from './baseline.ts'
import { leasingLimiters } from './leased.ts'
import { limitsFrom } from './limits.ts'
import { localLimiters } from './optimized.ts'
import { exactLimiters } from './redis.ts'
import { refusing } from './refuse.ts'
import type { LimiterFactory, LimitName } from './seam.ts'
import { windowCounts } from './window-counts.ts'

type Options = { variant: VariantOf<'M4'>; settings: Settings<'gateway'> }

const variants = {
  baseline: unlimited,
  optimized: localLimiters,
  redis: exactLimiters,
  leased: leasingLimiters,
} satisfies Record<VariantOf<'M4'>, LimiterFactory>

/** M4: limits the requests of an address and of a user. */
export const rateLimit = fp(
  async (app: FastifyInstance, { variant, settings }: Options) => {
    const limiterOf = variants[variant]({ app, settings })
    if (limiterOf === undefined) return
    const store = windowCounts(settings.RATE_LIMIT_CLIENTS_MAX)
    await app.register(fastifyRateLimit, { global: false, store })
    const limits = limitsFrom(settings)
    const hookOf = (name: LimitName): onRequestHookHandler =>
      refusing(limits[name], limiterOf(limits[name]), app.witness('M4', `${name}_refused`))
    app.addHook('onRequest', exceptHealth(hookOf('address')))
    addToRoutes(app, { logins: hookOf('logins'), user: hookOf('user') })
  },
  { name: 'm4-rate-limit', dependencies: ['metrics'] },
)

/** The health checks of the gateway, which decide whether this instance gets requests. */
const healthPaths = new Set(['/health', '/health/ready'])

const exceptHealth =
  (hook: onRequestHookHandler): onRequestHookHandler =>
  (request, reply, done) => {
    const { url } = request.routeOptions
    if (url !== undefined && healthPaths.has(url)) done()
    else hook.call(request.server, request, reply, done)
  }

type RouteHooks = Readonly<Record<'logins' | 'user', onRequestHookHandler>>

/** `logins` runs before the hooks of a route; `user` after them, because they identify the user. */
const addToRoutes = (app: FastifyInstance, hooks: RouteHooks): void => {
  const logins = routesOf((each) => routeClassOf(each) === 'logins')
  const checked = routesOf(isChecked)
  app.addHook('onRoute', (route) => {
    if (isOneOf(logins, route)) route.onRequest = [hooks.logins, ...hooksOf(route)]
    if (isOneOf(checked, route)) route.onRequest = [...hooksOf(route), hooks.user]
  })
}

/** Method and path of operations, as Fastify writes them. */
const routesOf = (isWanted: (each: ProxiedOperation) => boolean): ReadonlySet<string> =>
  new Set(
    proxiedOperations
      .filter(isWanted)
      .map(({ operation }) => `${operation.method.toUpperCase()} ${routeOf(operation)}`),
  )

const isOneOf = (routes: ReadonlySet<string>, { method, url }: RouteOptions): boolean =>
  [method].flat().some((each) => routes.has(`${each === 'HEAD' ? 'GET' : each} ${url}`))

const hooksOf = ({ onRequest = [] }: RouteOptions): onRequestHookHandler[] => [onRequest].flat()
