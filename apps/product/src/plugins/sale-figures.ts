import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { dealListOpen, reservationCountHeld } from '../gen/queries.ts'

/** Maximum number of deals, those that end first. Each has two time series. */
const dealsMax = 20

/** Maximum length of a product's name in a label, in characters. */
const nameMax = 40

/** Maximum number of held reservations to count; at the maximum the figure is a lower bound. */
const countedMax = 100_000

/** Timeout of all statements of one scrape, in milliseconds. */
const readMs = 1_000

const changes = ['granted', 'refused', 'unknown', 'confirmed', 'released'] as const

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts decided and changed reservations, after the commit. */
    countReservations(change: (typeof changes)[number], reservations?: number): void
  }
}

/** The figures of the sale: stock of the open deals, and reservations by state. */
export const saleFigures = fp(
  async (app: FastifyInstance, { sweepIntervalMs }: { sweepIntervalMs: number }) => {
    app.decorate('countReservations', reservationCounter(app))
    app.onRelease(() => app.countReservations('released'))
    showSweepInterval(app, sweepIntervalMs)
    app.figures({ source: 'deals', gauges: dealGauges, read: () => readDeals(app) })
    app.figures({ source: 'reservations', gauges: holdGauges, read: () => readHolds(app) })
  },
  { name: 'sale-figures', dependencies: ['database', 'metrics', 'reservations'] },
)

const reservationCounter = ({ metrics }: FastifyInstance) => {
  const counter = new Counter({
    name: 'reservation_changes_total',
    help: 'Reservations that were granted, refused, confirmed or released, or whose outcome is unknown',
    labelNames: ['change'],
    registers: [metrics],
  })
  for (const change of changes) counter.inc({ change }, 0)
  return (change: (typeof changes)[number], reservations = 1): void =>
    counter.inc({ change }, reservations)
}

/** Alerts compare the oldest reservation with it. */
const showSweepInterval = ({ metrics }: FastifyInstance, intervalMs: number): void => {
  new Gauge({
    name: 'sweep_interval_seconds',
    help: 'Pause between two rounds of the sweep',
    registers: [metrics],
  }).set(intervalMs / 1_000)
}

const perDeal = ['deal', 'product'] as const

const dealGauges = {
  deal_remaining_units: {
    help: 'Units that an open deal has left; of the 20 open deals that end first',
    labels: perDeal,
  },
  deal_allocated_units: { help: 'Units with which these deals began', labels: perDeal },
}

const readDeals = async ({ db }: FastifyInstance) => {
  const deals = await dealListOpen(db.by(Deadline.in(readMs)), { size: dealsMax })
  const figures = deals.map(({ id, product_name, remaining_stock, deal_stock }) => {
    const labels = { deal: id, product: product_name.slice(0, nameMax) }
    return { remaining: { labels, value: remaining_stock }, all: { labels, value: deal_stock } }
  })
  return {
    deal_remaining_units: figures.map(({ remaining }) => remaining),
    deal_allocated_units: figures.map(({ all }) => all),
  }
}

const holdGauges = {
  reservations_held: {
    help: 'Reservations that are neither confirmed nor released; at most 100,000 are counted',
  },
  reservation_overdue_seconds: {
    help: 'Time since the oldest held reservation expired; 0 if none has. The sweep settles it',
  },
}

const readHolds = async ({ db }: FastifyInstance) => {
  const row = await reservationCountHeld(db.by(Deadline.in(readMs)), { size: countedMax })
  const { held, overdue_s } = rowOrThrow(row)
  return {
    reservations_held: [{ value: held }],
    reservation_overdue_seconds: [{ value: overdue_s }],
  }
}
