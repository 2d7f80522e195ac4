import { Deadline, eachInTurn, periodically } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { closeDueDeals } from '../domain/close-deals.ts'
import { reservationConfirm, reservationExtend, reservationListExpired } from '../gen/queries.ts'

/** Reservations asked about at a time, the most that the contract takes. */
const batchSize = 100

/** Of how many of the oldest a batch is chosen. */
const lookedAt = 20_000

/** How long order may take to answer about a batch. */
const resolveMs = 2_000

type SweepWork = (stopping?: AbortSignal) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * One round now: closes the deals that are over and settles every expired reservation. Once
     * `stopping` is aborted it ends with the step that is under way.
     */
    sweep(stopping?: AbortSignal): Promise<void>
    /** Adds work to every round, which looks at the signal between its steps. */
    onSweep(work: SweepWork): void
  }
}

/**
 * Settles what was left open: after a crash or a time-out nobody guesses, product asks order what
 * became of the id. No clock is trusted but for when to ask.
 */
export const sweeper = fp(
  async (app: FastifyInstance, { intervalMs, ttlMs }: { intervalMs: number; ttlMs: number }) => {
    // Side by side: neither has to wait for the backlog of the other.
    const settle = (stopping?: AbortSignal) =>
      bothOf(closeDueDeals(app.db, stopping), settleAll(app, ttlMs, stopping))
    const works: SweepWork[] = [settle]
    app.decorate('onSweep', (work: SweepWork) => {
      works.push(work)
    })
    app.decorate('sweep', (stopping?: AbortSignal) =>
      eachInTurn(works, (work) => work(stopping), stopping),
    )
    const work = (stopping: AbortSignal) => app.sweep(stopping)
    await app.register(periodically, { name: 'sweep', intervalMs, work })
  },
  { name: 'sweeper', dependencies: ['database', 'order-client', 'reservations'] },
)

/** @throws the first failure, when both are over */
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

/** Returns how many were settled; what order says nothing about is left to the next round. */
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
  await reservationConfirm(app.db, { order_ids: idsOf('confirmed') })
  await reservationExtend(app.db, { order_ids: idsOf('pending'), ttl_ms: ttlMs })
  await eachInTurn(idsOf('void'), (id) => app.releaseStock(id), stopping)
  return results.length
}
