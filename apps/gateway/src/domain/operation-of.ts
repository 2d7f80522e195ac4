import type { IncomingMessage } from 'node:http'
import { pathOf, pathPattern } from '@flash-deal/service'
import { type ProxiedOperation, wholeOperations } from './proxied-operations.ts'

/** Finds the operation of a request before Fastify has routed it. */

const keyOf = (method: string, path: string): string => `${method.toUpperCase()} ${path}`

const { true: parametrized = [], false: plain = [] } = Object.groupBy(wholeOperations, (each) =>
  each.operation.path.includes('{') ? 'true' : 'false',
)

const byKey: ReadonlyMap<string, ProxiedOperation> = new Map(
  plain.map((each) => [keyOf(each.operation.method, each.operation.path), each]),
)

const patterns = parametrized.map(
  (each) => [pathPattern(keyOf(each.operation.method, each.operation.path)), each] as const,
)

/** Undefined for an event stream, and for a request that is in no contract. */
export const operationOf = ({
  method = '',
  url = '',
}: Pick<IncomingMessage, 'method' | 'url'>): ProxiedOperation | undefined => {
  const key = keyOf(method === 'HEAD' ? 'GET' : method, pathOf(url))
  return byKey.get(key) ?? patterns.find(([pattern]) => pattern.test(key))?.[1]
}
