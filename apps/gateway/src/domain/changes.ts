import type { IncomingMessage } from 'node:http'
import { pathOf } from '@flash-deal/service'
import { isRead, type ProxiedOperation, wholeOperations } from './proxied-operations.ts'
import { type RouteClass, routeClassOf } from './route-class.ts'

/** Finds the operation of a request that changes something, before Fastify has routed it. */

export type Change = { operationId: string; routeClass: RouteClass }

const changes = wholeOperations.filter((each) => !isRead(each))

const changeFor = (each: ProxiedOperation): Change => ({
  operationId: each.operation.operationId,
  routeClass: routeClassOf(each),
})

const keyOf = (method: string, path: string): string => `${method.toUpperCase()} ${path}`

const hasParameter = ({ operation: { path } }: ProxiedOperation): boolean => path.includes('{')

const withoutParameters: ReadonlyMap<string, Change> = new Map(
  changes
    .filter((each) => !hasParameter(each))
    .map((each) => [keyOf(each.operation.method, each.operation.path), changeFor(each)]),
)

const patternOf = ({ operation: { method, path } }: ProxiedOperation): RegExp =>
  new RegExp(`^${keyOf(method, path.replaceAll(/\{\w+\}/g, '[^/]+'))}$`)

const withParameters: readonly [RegExp, Change][] = changes
  .filter(hasParameter)
  .map((each) => [patternOf(each), changeFor(each)])

/** Undefined for a read, and for a request that is in no contract. */
export const changeOf = ({
  method = '',
  url = '',
}: Pick<IncomingMessage, 'method' | 'url'>): Change | undefined => {
  if (method === 'GET' || method === 'HEAD') return undefined
  const key = keyOf(method, pathOf(url))
  return withoutParameters.get(key) ?? withParameters.find(([pattern]) => pattern.test(key))?.[1]
}
