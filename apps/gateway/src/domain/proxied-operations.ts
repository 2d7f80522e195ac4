import { documents, type Operation, operationsOf } from '@flash-deal/contracts'

export type UpstreamName = 'auth' | 'product' | 'order'

export type ProxiedOperation = { upstream: UpstreamName; operation: Operation }

/** Auth verifies what is meant for it; nobody asks it twice. */
export const isChecked = ({ upstream, operation }: ProxiedOperation): boolean =>
  operation.secured === 'bearer' && upstream !== 'auth'

/** Each service answers these for itself; the gateway has its own. */
const own = new Set(['health', 'ready'])

const upstreams: readonly UpstreamName[] = ['auth', 'product', 'order']

/** The allow-list: every operation that goes through the gateway, from the contracts. */
export const proxiedOperations: readonly ProxiedOperation[] = upstreams.flatMap((upstream) =>
  operationsOf(documents[upstream])
    .filter((operation) => !operation.internal && !own.has(operation.operationId))
    .map((operation) => ({ upstream, operation })),
)
