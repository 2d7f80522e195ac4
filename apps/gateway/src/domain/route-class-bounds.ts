import type { Settings } from '@flash-deal/config'
import type { BulkheadOptions } from '@flash-deal/service'
import type { RouteClass } from './route-class.ts'

export type RouteClassBounds = BulkheadOptions

type Bounds = Readonly<Record<RouteClass, RouteClassBounds>>

/** Maximum numbers of requests in flight and of waiting requests, for each class. */
export const boundsFrom = (settings: Settings<'gateway'>): Bounds => {
  const queueMax = settings.UPSTREAM_QUEUE_MAX
  return {
    logins: { concurrency: settings.UPSTREAM_LOGINS, queueMax: settings.UPSTREAM_LOGINS_QUEUE_MAX },
    tokens: { concurrency: settings.UPSTREAM_TOKENS, queueMax },
    reads: { concurrency: settings.UPSTREAM_READS, queueMax },
    orders: { concurrency: settings.UPSTREAM_ORDERS, queueMax },
    changes: { concurrency: settings.UPSTREAM_CHANGES, queueMax },
    // An open stream keeps its place, so no request waits for one.
    streams: { concurrency: settings.UPSTREAM_STREAMS, queueMax: 0 },
  }
}
