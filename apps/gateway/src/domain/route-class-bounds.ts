import type { Settings } from '@flash-deal/config'
import type { BulkheadOptions } from '@flash-deal/service'
import type { RouteClass } from './route-class.ts'

export type RouteClassBounds = BulkheadOptions

type Bounds = Readonly<Record<RouteClass, RouteClassBounds>>

/** How many requests of each class are with their service at a time, and how many may wait. */
export const boundsFrom = (settings: Settings<'gateway'>): Bounds => {
  const queueMax = settings.UPSTREAM_QUEUE_MAX
  return {
    logins: { concurrency: settings.UPSTREAM_LOGINS, queueMax: settings.UPSTREAM_LOGINS_QUEUE_MAX },
    tokens: { concurrency: settings.UPSTREAM_TOKENS, queueMax },
    reads: { concurrency: settings.UPSTREAM_READS, queueMax },
    orders: { concurrency: settings.UPSTREAM_ORDERS, queueMax },
    changes: { concurrency: settings.UPSTREAM_CHANGES, queueMax },
    // One that is open keeps its place, so nobody waits for one.
    streams: { concurrency: settings.UPSTREAM_STREAMS, queueMax: 0 },
  }
}
