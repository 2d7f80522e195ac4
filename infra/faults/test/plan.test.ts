import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { buyersCount, defaultSale } from '../default-sale.ts'
import { planOf } from '../plan.ts'
import type { Purchase } from '../purchase.ts'

/** The plan of a round depends on its seed only. */

const size = { requests: 500, name: 'kill-order' }
const planFrom = (seed: number) => planOf(randomFrom(seed), defaultSale, size)

t.test('the same seed gives the same plan, another seed another plan', async (t) => {
  t.strictSame(planFrom(7), planFrom(7))
  t.notSame(planFrom(7), planFrom(8))
})

t.test('the fault is injected during the burst, at a time that depends on the seed', async (t) => {
  const moments = Array.from({ length: 200 }, (_, seed) => planFrom(seed).injectAt)
  t.ok(moments.every((share) => share >= 0.05 && share <= 0.85))
  t.ok(Math.min(...moments) < 0.15 && Math.max(...moments) > 0.75)
})

t.test('the default sale has purchases of every kind, each with its own key', async (t) => {
  const { purchases } = planFrom(7)
  t.equal(new Set(purchases.map(({ key }) => key)).size, size.requests)
  t.equal(new Set(purchases.map(({ buyer }) => buyer)).size, buyersCount)
  const sorts = (sortOf: (purchase: Purchase) => string) => new Set(purchases.map(sortOf)).size
  t.equal(
    sorts(({ kinds, quantity }) => `${quantity} of ${kinds.join(' and ')}`),
    6,
  )
  t.equal(
    sorts(({ cancelsAfterMs, resends }) => `${cancelsAfterMs === 0} ${resends}`),
    4,
  )
})
