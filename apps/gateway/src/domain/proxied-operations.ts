import { documents, type Operation, operationsOf } from '@flash-deal/contracts'
import { type UpstreamName, upstreamNames } from './upstreams.ts'

export type ProxiedOperation = { upstream: UpstreamName; operation: Operation }

/** Auth verifies the tokens of its own operations, so the gateway does not. */
export const isChecked = ({ upstream, operation }: ProxiedOperation): boolean =>
  operation.secured === 'bearer' && upstream !== 'auth'

/** Every service has these operations itself, and so does the gateway. */
const own = new Set(['health', 'ready'])

/** The allow-list: every operation that the gateway forwards, from the contracts. */
export const proxiedOperations: readonly ProxiedOperation[] = upstreamNames.flatMap((upstream) =>
  operationsOf(documents[upstream])
    .filter((operation) => !operation.internal && !own.has(operation.operationId))
    .map((operation) => ({ upstream, operation })),
)

/** Answered with GET, and with HEAD. */
export const isRead = ({ operation }: ProxiedOperation): boolean => operation.method === 'get'

/** An event stream, whose response may stay open. */
export const isStream = ({ operation }: ProxiedOperation): boolean =>
  operation.responses['200']?.content?.['text/event-stream'] !== undefined

/** Operations whose responses are buffered. */
export const wholeOperations = proxiedOperations.filter((each) => !isStream(each))

export const streamOperations = proxiedOperations.filter(isStream)
