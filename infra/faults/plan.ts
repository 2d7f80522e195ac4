import type { Random } from './random.ts'

/** What a round is going to do, before anything of it is done. */

export type Kind = 'deal' | 'product'

export type Purchase = {
  /** Its Idempotency-Key. */
  key: string
  /** Which of the shop's buyers, from 0. */
  buyer: number
  /** A line each, of this many units. */
  wants: readonly Kind[]
  quantity: number
  /** Cancelled as soon as it stands. */
  cancels: boolean
  /** Sent once more when all is over. */
  resends: boolean
}

export type Plan = {
  purchases: Purchase[]
  /** When the fault strikes, as a share of the time that the burst is expected to take. */
  strikeAt: number
}

type Size = { requests: number; buyers: number; name: string }

/** The keys begin with the name, so that no two rounds share one. */
export const planOf = (random: Random, { requests, buyers, name }: Size): Plan => ({
  strikeAt: random(50, 850) / 1_000,
  purchases: Array.from({ length: requests }, (_, index) => ({
    key: `${name}-${index}`,
    buyer: random(0, buyers - 1),
    wants: baskets[random(0, baskets.length - 1)] ?? [],
    quantity: random(1, 2),
    cancels: random(1, 5) === 1,
    resends: random(1, 10) === 1,
  })),
})

/** Half of them want the deal alone, which is where buyers meet. */
const baskets: readonly (readonly Kind[])[] = [['deal'], ['deal'], ['product'], ['deal', 'product']]
