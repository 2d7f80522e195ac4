import type { Random } from '@flash-deal/local/random'
import type { Operation } from './clients.ts'
import type { ByForm } from './form.ts'
import type { Kind, Purchase } from './purchase.ts'

/** What a round is going to do, before anything of it is done. */

/** Units of the product in a deal, and of the one without. */
export type Units = Record<Kind, number>

/** What is for sale, who buys of it and how. */
export type Sale = {
  /** Orders that are asked for, where that is not for the caller to say. */
  requests?: ByForm
  /** Requests under way at a time. */
  width: number
  units(requests: number): Units
  /** Units of the deal that a buyer may have. */
  limit(requests: number): number
  /** When the deal is over, as a share of the time that the burst is expected to take. */
  endsAt?: number
  purchase(random: Random, nth: { name: string; index: number }): Purchase
  /** What must have come of it beside what must of every sale. */
  outcome?(results: Results): Outcome
}

export type Results = {
  /** With the first answer to each. */
  first: readonly Operation[]
  /** With the last. */
  last: readonly Operation[]
  units: Units
}

/** A sentence for each thing that is wrong; or why the round has shown nothing. */
export type Outcome = { broken?: string[]; inconclusive?: string }

export type Plan = {
  purchases: Purchase[]
  /** When the fault is injected, as a share of the time that the burst is expected to take. */
  injectAt: number
}

/** The keys begin with the name, so that no two rounds share one. */
export const planOf = (
  random: Random,
  sale: Sale,
  { requests, name }: { requests: number; name: string },
): Plan => ({
  injectAt: random.integer(50, 850) / 1_000,
  purchases: Array.from({ length: requests }, (_, index) => sale.purchase(random, { name, index })),
})
