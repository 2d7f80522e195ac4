import type { Random } from '@flash-deal/local/random'
import type { Operation } from './clients.ts'
import type { ByForm } from './form.ts'
import type { Kind, Purchase } from './purchase.ts'

/** The plan of a round, made before the round starts. */

/** Units of the product with a deal, and of the product without. */
export type Units = Record<Kind, number>

/** A workload: the stock, the limits and the purchases. */
export type Sale = {
  /** Number of orders; overrides the caller's number. */
  requests?: ByForm
  /** Concurrent requests. */
  width: number
  units(requests: number): Units
  /** Units of the deal per buyer. */
  limit(requests: number): number
  /** End of the deal as a fraction of the expected duration of the burst. */
  endsAt?: number
  purchase(random: Random, nth: { name: string; index: number }): Purchase
  /** Checks of this workload, in addition to the checks of every workload. */
  outcome?(results: Results): Outcome
}

export type Results = {
  /** Each with its first reply. */
  first: readonly Operation[]
  /** Each with its last reply. */
  last: readonly Operation[]
  units: Units
}

/** One sentence per violation; or why the round is inconclusive. */
export type Outcome = { broken?: string[]; inconclusive?: string }

export type Plan = {
  purchases: Purchase[]
  /** Time of the injection as a fraction of the expected duration of the burst. */
  injectAt: number
}

/** The idempotency keys begin with the name, so that no two rounds share a key. */
export const planOf = (
  random: Random,
  sale: Sale,
  { requests, name }: { requests: number; name: string },
): Plan => ({
  injectAt: random.integer(50, 850) / 1_000,
  purchases: Array.from({ length: requests }, (_, index) => sale.purchase(random, { name, index })),
})
