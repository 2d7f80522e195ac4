import { routeOf } from '@flash-deal/service'
import type { RouteOptions } from 'fastify'
import { type ProxiedOperation, proxiedOperations } from '../../domain/proxied-operations.ts'

const ofProduct = proxiedOperations.filter(({ upstream }) => upstream === 'product')

const isPublicRead = ({ operation: { method, secured } }: ProxiedOperation): boolean =>
  method === 'get' && secured === 'public'

const urlOf = ({ operation }: ProxiedOperation): string => routeOf(operation)

const reads = new Map(ofProduct.filter(isPublicRead).map((each) => [urlOf(each), each.operation]))

const changes = new Set(
  ofProduct
    .filter(({ operation }) => operation.method !== 'get')
    .map((each) => `${each.operation.method.toUpperCase()} ${urlOf(each)}`),
)

const methodsOf = ({ method }: RouteOptions): string[] => [method].flat()

/** The public read of a route, whose response is the same for all clients; undefined if it is none. */
export const publicReadAt = (route: RouteOptions) =>
  methodsOf(route).every((method) => method === 'GET' || method === 'HEAD')
    ? reads.get(route.url)
    : undefined

/** Whether a route changes what public reads show. */
export const isChange = (route: RouteOptions): boolean =>
  methodsOf(route).some((method) => changes.has(`${method} ${route.url}`))
