import { RecentlyUsed } from '@flash-deal/service'
import type { Refusal } from '../../../domain/reservation.ts'
import type { DealLine } from '../../../domain/single-line.ts'

/** How old what is known may be to answer from it, in milliseconds. */
const validMs = 100

/** From which age on it is asked again, in milliseconds, so that it stays valid while it is true. */
const recheckMs = 40

/** Deals remembered at most; the least recently asked for goes first. */
const dealsMax = 20

export type SoldOutDeal = {
  product_id: string
  /** Of the deal's row: another one after every change of it. */
  version: string
  /** All who ever had units of it. */
  buyer_ids: readonly string[]
}

export type SoldOutSource = {
  /** The deal as it is, if it is open and nothing is left of it. */
  find: (id: string) => Promise<SoldOutDeal | undefined>
  /** Of these deals (id → version) the ids of those that are open, and have this version still. */
  unchanged: (versions: ReadonlyMap<string, string>) => Promise<readonly string[]>
  /** Milliseconds of a clock that never goes back. */
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
 * The deals that are sold out, as far as it is known and not older than 100 ms. It is asked again
 * only while requests come; there is no timer. Who ever had units of a deal is never refused from
 * here: the order may be one that is held already, whose first answer only the database knows.
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

  /** What the database would answer; nothing where it has to be asked. */
  refusalOf({ deal_id, product_id }: DealLine, userId: string): Refusal | undefined {
    const deal = this.#known.get(deal_id)
    if (!deal) return undefined
    const age = this.#now() - deal.seenAt
    if (age >= recheckMs) void this.#recheck()
    if (age >= validMs || deal.productId !== product_id || deal.buyers.has(userId)) return undefined
    return deal.refusal
  }

  /** The database refused for lack of stock: from now on it is known why, if nothing at all is left. */
  async learn(id: string, refusal: Refusal): Promise<void> {
    if (this.#known.has(id) || this.#findings.has(id)) return
    const finding = {}
    this.#findings.set(id, finding)
    const seenAt = this.#now()
    const found = await this.#source.find(id).catch(asUnknown)
    // Otherwise somebody was granted units meanwhile, who may be missing among the buyers.
    if (this.#findings.get(id) !== finding) return
    this.#findings.delete(id)
    if (found) this.#known.set(id, knownFrom(found, refusal, seenAt))
  }

  /** Somebody was granted units of it. */
  forget(id: string): void {
    this.#known.delete(id)
    this.#findings.delete(id)
  }

  /** All of them in one statement. What changed, and all where it cannot be had, is forgotten. */
  async #recheck(): Promise<void> {
    if (this.#isChecking) return
    this.#isChecking = true
    const asked = [...this.#known]
    const seenAt = this.#now()
    const versions = new Map(asked.map(([id, { version }]) => [id, version]))
    const unchanged = new Set(await this.#source.unchanged(versions).catch(() => []))
    for (const [id, deal] of asked) {
      if (unchanged.has(id)) deal.seenAt = seenAt
      else if (this.#known.get(id) === deal) this.#known.delete(id)
    }
    this.#isChecking = false
  }
}

/** What is not known is asked of the database, each time. */
const asUnknown = () => undefined

const knownFrom = (
  { product_id, version, buyer_ids }: SoldOutDeal,
  refusal: Refusal,
  seenAt: number,
): Known => ({ refusal, productId: product_id, version, buyers: new Set(buyer_ids), seenAt })
