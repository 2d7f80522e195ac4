import { catalogue, type ErrorCode, fromUnknown } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter } from 'prom-client'

/** The outcome of an order, or the error code of createOrder. */
type OrderOutcome = (typeof stored)[number] | ErrorCode

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts orders after the commit that decided them. */
    countOrder(outcome: OrderOutcome, orders?: number): void
    /** Counts an attempt that failed, by its error. */
    countFailedOrder(error: unknown): void
  }
}

/** An accepted order (H2) is counted again when it is confirmed or rejected. */
const stored = ['confirmed', 'accepted', 'rejected', 'cancelled'] as const

/** `orders_total`: orders by outcome. A response that is repeated under a key is not counted again. */
export const orderOutcomes = fp(
  async (app: FastifyInstance) => {
    const counter = new Counter({
      name: 'orders_total',
      help: 'Orders by outcome: what they became, or the error code in lower case',
      labelNames: ['outcome'],
      registers: [app.metrics],
    })
    const childOf = (outcome: OrderOutcome) => counter.labels(outcome.toLowerCase())
    const children = new Map(
      [...stored, ...(Object.keys(catalogue) as ErrorCode[])].map((each) => [each, childOf(each)]),
    )
    // Other outcomes appear with their first order.
    for (const outcome of [...stored, 'INSUFFICIENT_STOCK'] as const) childOf(outcome).inc(0)
    app.decorate('countOrder', (outcome: OrderOutcome, orders = 1) =>
      children.get(outcome)?.inc(orders),
    )
    app.decorate('countFailedOrder', (error: unknown) => app.countOrder(fromUnknown(error).code))
  },
  { name: 'order-outcomes', dependencies: ['metrics'] },
)
