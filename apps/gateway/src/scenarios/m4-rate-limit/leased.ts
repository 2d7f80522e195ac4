import { RecentlyUsed } from '@flash-deal/service'
import type { FastifyRequest } from 'fastify'
import { localLimiters } from './optimized.ts'
import type { Limit, Limiter, LimiterFactory } from './seam.ts'
import { type Grant, SharedCounts } from './shared-counts.ts'

/** The lease of a gateway in a client's window. */
type Lease = {
  /** The requests that it can still admit. */
  left: number
  /** The end of the window, by `performance.now()`. */
  endsAt: number
  /** The size of the last lease; 0 if the window has no requests left. */
  size: number
  /** A call to Redis in flight, which further requests of the client wait for. */
  taking: Promise<Grant | undefined> | undefined
}

/**
 * A gateway takes a lease of a client's window from Redis in advance and counts locally until it is
 * used up: one request at first, then twice as many as before, at most a quarter of the remaining
 * ones. So a lease is never larger than the requests admitted in this window, plus one. Unused
 * requests expire with the window. If Redis fails, a gateway limits by its own counts.
 */
export const leasingLimiters: LimiterFactory = (options) => {
  const { app, settings } = options
  const onTaken = app.witness('M4', 'lease_taken')
  const onAdmitted = app.witness('M4', 'admitted_by_lease')
  const counts = new SharedCounts(app)
  const localOf = localLimiters(options)

  return (limit: Limit): Limiter => {
    const local = localOf(limit)
    const leases = new RecentlyUsed<string, Lease>(settings.RATE_LIMIT_CLIENTS_MAX)

    const take = async (client: string, lease: Lease): Promise<Grant | undefined> => {
      const grant = await counts.take(limit, client, Math.max(1, 2 * lease.size))
      lease.taking = undefined
      if (grant === undefined) return undefined
      onTaken()
      Object.assign(lease, { left: grant.requests, size: grant.requests, endsAt: grant.endsAt })
      return grant
    }

    const admit = (lease: Lease): 0 => {
      lease.left -= 1
      onAdmitted()
      return 0
    }

    const takeAndAdmit: (client: string, lease: Lease, request: FastifyRequest) => Promise<number> =
      async (client, lease, request) => {
        lease.taking ??= take(client, lease)
        const grant = await lease.taking
        if (grant === undefined) return local(request)
        if (lease.left > 0) return admit(lease)
        if (grant.requests === 0) return Math.max(1, grant.endsAt - performance.now())
        return takeAndAdmit(client, lease, request)
      }

    return (request) => {
      const client = limit.clientOf(request)
      const lease = leases.get(client) ?? newLease()
      const leftMs = lease.endsAt - performance.now()
      if (leftMs > 0 && lease.left > 0) return admit(lease)
      if (leftMs > 0 && lease.size === 0) return leftMs
      if (leftMs <= 0) lease.size = 0
      leases.set(client, lease)
      return takeAndAdmit(client, lease, request)
    }
  }
}

const newLease = (): Lease => ({ left: 0, size: 0, endsAt: 0, taking: undefined })
