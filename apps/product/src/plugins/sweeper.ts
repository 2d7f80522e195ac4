import { Deadline, periodically, runInSequence } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { reservationConfirm, reservationExtend, reservationListExpired } from '../gen/queries.ts'
import { closeDueDeals } from '../storage/close-deals.ts'

/** The number of reservations in one request, the maximum of the contract. */
const batchSize = 100

/** The number of oldest reservations from which a batch is chosen. */
const lookedAt = 20_000

/** The timeout of the request to order for one batch. */
const resolveMs = 2_000

type SweepWork = (stopping?: AbortSignal) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Runs one round now: closes expired deals and settles every expired reservation. When `stopping` is
     * aborted, it ends after the current step.
     */
    sweep(stopping?: AbortSignal): Promise<void>
    /** Adds work to every round. The work checks the signal between its steps. */
    onSweep(work: SweepWork): void
  }
}

/**
 * Settles open reservations. After a crash or a timeout, product queries order for the outcome of the
 * id and never assumes one. The clock only decides when to query.
 */
export const sweeper = fp(
  async (app: FastifyInstance, { intervalMs, ttlMs }: { intervalMs: number; ttlMs: number }) => {
    // Concurrently: neither waits for the backlog of the other.
    const settle = (stopping?: AbortSignal) =>
      bothOf(closeDueDeals(app, stopping), settleAll(app, ttlMs, stopping))
    const works: SweepWork[] = [settle]
    app.decorate('onSweep', (work: SweepWork) => {
      works.push(work)
    })
    app.decorate('sweep', (stopping?: AbortSignal) =>
      runInSequence(works, (work) => work(stopping), stopping),
    )
    const work = (stopping: AbortSignal) => app.sweep(stopping)
    await app.register(periodically, { name: 'sweep', intervalMs, work })
  },
  { name: 'sweeper', dependencies: ['database', 'order-client', 'reservations', 'sale-figures'] },
)

/** @throws the first failure, after both have ended */
const bothOf = async (...works: Promise<void>[]): Promise<void> => {
  const outcomes = await Promise.allSettled(works)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

const settleAll = async (
  app: FastifyInstance,
  ttlMs: number,
  stopping?: AbortSignal,
): Promise<void> => {
  let settled = batchSize
  while (settled === batchSize && !stopping?.aborted)
    settled = await settleBatch(app, ttlMs, stopping)
}

/** Returns the number of settled reservations. The next round retries those without a result. */
const settleBatch = async (
  app: FastifyInstance,
  ttlMs: number,
  stopping?: AbortSignal,
): Promise<number> => {
  const expired = await reservationListExpired(app.db, { looked_at: lookedAt, size: batchSize })
  if (expired.length === 0) return 0
  const order_ids = expired.map(({ order_id }) => order_id).sort()
  const { results } = await app.orderClient.call('resolveOrders', {
    body: { order_ids },
    deadline: Deadline.in(resolveMs),
    trace: {},
    ...(stopping && { stopping }),
  })
  const idsOf = (outcome: string) =>
    results.filter((result) => result.outcome === outcome).map(({ order_id }) => order_id)
  const confirmed = await reservationConfirm(app.db, { order_ids: idsOf('confirmed') })
  app.countReservations('confirmed', confirmed)
  await reservationExtend(app.db, { order_ids: idsOf('pending'), ttl_ms: ttlMs })
  await runInSequence(idsOf('void'), (id) => app.releaseStock(id), stopping)
  return results.length
}
