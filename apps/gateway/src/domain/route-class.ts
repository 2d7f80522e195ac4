import type { ProxiedOperation } from './proxied-operations.ts'

/**
 * Operations that share connections to their service and a queue before them: load on one class
 * does not delay another.
 */
export const routeClasses = ['logins', 'tokens', 'reads', 'orders', 'changes'] as const
export type RouteClass = (typeof routeClasses)[number]

/** Tens of milliseconds of a core each, for a password, or part of a log-in. */
const logins = new Set(['registerUser', 'loginUser', 'refreshToken'])

/** `changes` are those that sellers make to products and deals. */
export const routeClassOf = ({ upstream, operation }: ProxiedOperation): RouteClass => {
  if (upstream === 'auth') return logins.has(operation.operationId) ? 'logins' : 'tokens'
  if (operation.method === 'get') return 'reads'
  return upstream === 'order' ? 'orders' : 'changes'
}
