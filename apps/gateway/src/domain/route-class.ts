import { isRead, isStream, type ProxiedOperation } from './proxied-operations.ts'

/**
 * Operations that share a connection pool and a queue to their service: load on one class does not
 * delay another.
 */
export const routeClasses = ['logins', 'tokens', 'reads', 'orders', 'changes', 'streams'] as const
export type RouteClass = (typeof routeClasses)[number]

/** Each takes tens of milliseconds of a core for a password hash, or is part of a login. */
const logins = new Set(['registerUser', 'loginUser', 'refreshToken'])

/** `changes` are the writes of sellers to products and deals. */
export const routeClassOf = (each: ProxiedOperation): RouteClass => {
  const { upstream, operation } = each
  if (upstream === 'auth') return logins.has(operation.operationId) ? 'logins' : 'tokens'
  if (isStream(each)) return 'streams'
  if (isRead(each)) return 'reads'
  return upstream === 'order' ? 'orders' : 'changes'
}

/** One value for each class. */
export const forEachClass = <Value>(
  create: (name: RouteClass) => Value,
): Readonly<Record<RouteClass, Value>> => ({
  logins: create('logins'),
  tokens: create('tokens'),
  reads: create('reads'),
  orders: create('orders'),
  changes: create('changes'),
  streams: create('streams'),
})
