import type { Database } from '@flash-deal/db'
import { runInSequence } from '@flash-deal/service'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { dealUnits, type RequestedLine } from '../../../domain/reservation.ts'
import { SingleFlight } from '../../../domain/single-flight.ts'
import { dealGetForGate, dealListRemaining } from '../../../gen/queries.ts'
import { GateLink } from './gate-link.ts'
import { begin, type Counts, countsFor, giveBack, note, remainingOf, write } from './gate-store.ts'

/** Of a larger deal all buyers at once would keep Redis busy for too long. */
const unitsMax = 20_000

/** After so many milliseconds it is loaded anew, whatever is believed of it. */
const lifeMs = 30_000

export type GateOptions = {
  db: Database
  redis: Redis
  log: FastifyBaseLogger
  onRebuilt: () => void
}

type Order = { order_id: string; user_id: string; deal_id: string }

/**
 * What Redis is told of deals, and asked: it counts what PostgreSQL has granted and taken back, and
 * never what is only asked for. So whatever is lost on the way to it makes it believe that more is
 * there than is, which costs a question to PostgreSQL; only a release that it did not hear of makes
 * it believe in less, and that is found by the next comparison.
 */
export class StockGate {
  readonly #options: GateOptions
  readonly #link: GateLink
  readonly #stop = new AbortController()
  readonly #loadings = new SingleFlight<void>()
  /** Deals that Redis knows, as far as this process has seen. */
  readonly #watched = new Set<string>()
  /** Those of which Redis may believe that more is there than is. */
  readonly #doubted = new Set<string>()

  constructor(options: GateOptions) {
    this.#options = options
    const { redis, log } = options
    this.#link = new GateLink({ redis, log, onSession: () => this.#rebuild() })
  }

  /**
   * What is known: `unknown` where the deal is not loaded, `uncounted` where PostgreSQL has to be
   * asked in any case, `away` where Redis does not answer.
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

  /** PostgreSQL granted what was asked for at this generation. */
  async noteGranted(order: Order & { generation: string; units: number }): Promise<void> {
    const { deal_id } = order
    await this.#link.ask((run) => note(this.#options.redis, { run, deal_id }, order))
  }

  /** PostgreSQL released these units. */
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

  /** PostgreSQL has refused what Redis would have let through. */
  doubt(deal_id: string): void {
    this.#doubted.add(deal_id)
  }

  /** Tells Redis what PostgreSQL knows of a deal, if it is open. Failures are only logged. */
  async load(deal_id: string): Promise<void> {
    await this.#loadings
      .do(deal_id, () => this.#load(deal_id))
      .catch((err: unknown) =>
        this.#options.log.warn({ err, deal_id }, 'A deal could not be loaded into the gate'),
      )
  }

  /** Loads again what Redis and PostgreSQL do not agree on. */
  async compare(stopping?: AbortSignal): Promise<void> {
    const ids = [...this.#watched]
    if (ids.length === 0) return
    // Redis first: what is granted in between then looks like too much in it, which harms nobody.
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
    // Gone with its time, or with its deal. It is loaded again when somebody asks.
    if (believed === null) this.#watched.delete(id)
    if (believed === null) return false
    return believed < remaining || (believed > remaining && this.#doubted.has(id))
  }

  /** Ends a rebuilding after the deal that is being loaded; the service closes. */
  stop(): void {
    this.#stop.abort()
  }

  /** Redis is back: whatever happened meanwhile, it was not told. */
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
