import type { Database } from '@flash-deal/db'
import { runInSequence } from '@flash-deal/service'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { dealUnits, type RequestedLine } from '../../../domain/reservation.ts'
import { SingleFlight } from '../../../domain/single-flight.ts'
import { dealGetForGate, dealListRemaining } from '../../../gen/queries.ts'
import { GateLink } from './gate-link.ts'
import { begin, type Counts, countsFor, giveBack, note, remainingOf, write } from './gate-store.ts'

/** The maximum units of a deal in Redis: loading the buyers of a larger one would block Redis too long. */
const unitsMax = 20_000

/** The time after which a deal is loaded again in any case, in milliseconds. */
const lifeMs = 30_000

export type GateOptions = {
  db: Database
  redis: Redis
  log: FastifyBaseLogger
  onRebuilt: () => void
}

type Order = { order_id: string; user_id: string; deal_id: string }

/**
 * Writes and reads the deals in Redis. It counts only what PostgreSQL has granted and released, never
 * undecided orders. After a lost message about a grant the count is too high, which costs a query to
 * PostgreSQL. After a lost message about a release it is too low, until the next comparison.
 */
export class StockGate {
  readonly #options: GateOptions
  readonly #link: GateLink
  readonly #stop = new AbortController()
  readonly #loadings = new SingleFlight<void>()
  /** The deals that this process has loaded into Redis. */
  readonly #watched = new Set<string>()
  /** The deals whose count in Redis may be too high. */
  readonly #doubted = new Set<string>()

  constructor(options: GateOptions) {
    this.#options = options
    const { redis, log } = options
    this.#link = new GateLink({ redis, log, onSession: () => this.#rebuild() })
  }

  /**
   * The data of a deal: `unknown` if it is not loaded, `uncounted` if PostgreSQL has to decide in any
   * case, `away` if Redis does not respond.
   */
  async ask(order: Order): Promise<Counts | 'uncounted' | 'unknown' | 'away'> {
    const { deal_id } = order
    const { redis } = this.#options
    const answer = await this.#link.ask(
      async (run) => (await countsFor(redis, { run, deal_id }, order)) ?? 'unknown',
    )
    if (answer !== undefined && answer !== 'unknown') this.#watched.add(deal_id)
    return answer ?? 'away'
  }

  /** Call it after PostgreSQL has granted an order that was read at this generation. */
  async noteGranted(order: Order & { generation: string; units: number }): Promise<void> {
    const { deal_id } = order
    await this.#link.ask((run) => note(this.#options.redis, { run, deal_id }, order))
  }

  /** Call it after PostgreSQL has released these units. */
  async noteReleased(user_id: string, lines: readonly RequestedLine[]): Promise<void> {
    const { ids, units } = dealUnits(lines)
    await this.#link.ask((run) =>
      Promise.all(
        ids.map((deal_id, index) =>
          giveBack(this.#options.redis, { run, deal_id }, { user_id, units: units[index] ?? 0 }),
        ),
      ),
    )
  }

  /** Call it after PostgreSQL has rejected an order that Redis let through. */
  doubt(deal_id: string): void {
    this.#doubted.add(deal_id)
  }

  /** Loads an open deal from PostgreSQL into Redis. Failures are only logged. */
  async load(deal_id: string): Promise<void> {
    await this.#loadings
      .do(deal_id, () => this.#load(deal_id))
      .catch((err: unknown) =>
        this.#options.log.warn({ err, deal_id }, 'A deal could not be loaded into the gate'),
      )
  }

  /** Loads deals again whose counts in Redis and PostgreSQL differ. */
  async compare(stopping?: AbortSignal): Promise<void> {
    const ids = [...this.#watched]
    if (ids.length === 0) return
    // Redis is read first: a grant in between makes its count look too high, which is harmless.
    const believed = await this.#link.ask((run) => remainingOf(this.#options.redis, run, ids))
    if (!believed) return
    const rows = await dealListRemaining(this.#options.db, { ids })
    const remaining = new Map(rows.map((row) => [row.id, row.remaining_stock]))
    await runInSequence(
      [...ids.entries()],
      async ([index, id]) => {
        const isWrong = this.#isWrong(id, believed[index] ?? null, remaining.get(id) ?? 0)
        this.#doubted.delete(id)
        if (isWrong) await this.load(id)
      },
      stopping,
    )
  }

  #isWrong(id: string, believed: number | null, remaining: number): boolean {
    // The hash has expired. The next order loads the deal again.
    if (believed === null) this.#watched.delete(id)
    if (believed === null) return false
    return believed < remaining || (believed > remaining && this.#doubted.has(id))
  }

  /** Stops loading after the current deal, because the service closes. */
  stop(): void {
    this.#stop.abort()
  }

  /** Loads all deals again after an outage, during which Redis missed all messages. */
  #rebuild(): void {
    void runInSequence([...this.#watched], (id) => this.load(id), this.#stop.signal)
  }

  async #load(deal_id: string): Promise<void> {
    const { db, redis, onRebuilt } = this.#options
    const returned = await this.#link.ask((run) => begin(redis, { run, deal_id }))
    if (returned === undefined) return
    const since = performance.now()
    const deal = await dealGetForGate(db, { id: deal_id, units_max: unitsMax })
    if (!deal) return
    const openMs = Math.floor(deal.open_ms - (performance.now() - since))
    if (openMs < 1) return
    const loaded = { ...deal, returned, lifeMs: Math.min(openMs, lifeMs) }
    if (!(await this.#link.ask((run) => write(redis, { run, deal_id }, loaded)))) return
    this.#watched.add(deal_id)
    onRebuilt()
  }
}
