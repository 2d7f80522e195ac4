import { RecentlyUsed } from '@flash-deal/service'
import type { Refusal } from '../../../domain/reservation.ts'
import type { DealLine } from '../../../domain/single-line.ts'

/** The maximum age of an entry, in milliseconds. */
const validMs = 100

/** The age from which entries are checked again, in milliseconds, so that they do not expire. */
const recheckMs = 40

/** The maximum number of deals; the least recently used is evicted. */
const dealsMax = 20

export type SoldOutDeal = {
  product_id: string
  /** The version of the deal's row, which every change replaces. */
  version: string
  /** All buyers who ever had units of it. */
  buyer_ids: readonly string[]
}

export type SoldOutSource = {
  /** Reads the deal; undefined unless it is open and has no units left. */
  find: (id: string) => Promise<SoldOutDeal | undefined>
  /** The ids of those deals (id → version) that are still open and have the same version. */
  unchanged: (versions: ReadonlyMap<string, string>) => Promise<readonly string[]>
  /** Receives the errors of both. Without an entry the database decides. */
  onError: (error: unknown) => void
  /** A monotonic clock, in milliseconds. */
  now?: () => number
}

type Known = {
  refusal: Refusal
  productId: string
  version: string
  buyers: ReadonlySet<string>
  seenAt: number
}

/**
 * The deals that were sold out at most 100 ms ago. Entries are checked again only while requests
 * arrive; there is no timer. A buyer who ever had units of a deal is never rejected here: the order
 * may already be held, and only the database knows its first result.
 */
export class SoldOutDeals {
  readonly #source: SoldOutSource
  readonly #now: () => number
  readonly #known = new RecentlyUsed<string, Known>(dealsMax)
  readonly #findings = new Map<string, object>()
  #isChecking = false

  constructor(source: SoldOutSource) {
    this.#source = source
    this.#now = source.now ?? (() => performance.now())
  }

  /** The result that the database would give; undefined if it has to be queried. */
  refusalOf({ deal_id, product_id }: DealLine, userId: string): Refusal | undefined {
    const deal = this.#known.get(deal_id)
    if (!deal) return undefined
    const age = this.#now() - deal.seenAt
    if (age >= recheckMs) void this.#recheck()
    if (age >= validMs || deal.productId !== product_id || deal.buyers.has(userId)) return undefined
    return deal.refusal
  }

  /** Call it after the database has rejected an order for lack of stock. Stores the deal if it is sold out. */
  async learn(id: string, refusal: Refusal): Promise<void> {
    if (this.#known.has(id) || this.#findings.has(id)) return
    const finding = {}
    this.#findings.set(id, finding)
    const seenAt = this.#now()
    const found = await this.#source.find(id).catch(this.#asUnknown)
    // Otherwise units were granted meanwhile, and their buyer may be missing.
    if (this.#findings.get(id) !== finding) return
    this.#findings.delete(id)
    if (found) this.#known.set(id, knownFrom(found, refusal, seenAt))
  }

  /** Call it after units of the deal were granted. */
  forget(id: string): void {
    this.#known.delete(id)
    this.#findings.delete(id)
  }

  /** Checks all deals with one statement. Removes changed ones, or all if the statement fails. */
  async #recheck(): Promise<void> {
    if (this.#isChecking) return
    this.#isChecking = true
    const known = [...this.#known]
    const seenAt = this.#now()
    const versions = new Map(known.map(([id, { version }]) => [id, version]))
    const unchanged = new Set(await this.#source.unchanged(versions).catch(this.#asUnknown))
    for (const [id, deal] of known) {
      if (unchanged.has(id)) deal.seenAt = seenAt
      else if (this.#known.get(id) === deal) this.#known.delete(id)
    }
    this.#isChecking = false
  }

  readonly #asUnknown = (error: unknown): undefined => {
    this.#source.onError(error)
  }
}

const knownFrom = (
  { product_id, version, buyer_ids }: SoldOutDeal,
  refusal: Refusal,
  seenAt: number,
): Known => ({ refusal, productId: product_id, version, buyers: new Set(buyer_ids), seenAt })
