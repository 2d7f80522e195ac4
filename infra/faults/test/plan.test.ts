import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { planOf } from '../plan.ts'
import type { Purchase } from '../purchase.ts'
import { buyersCount, usualSale } from '../usual-sale.ts'

/** What a round does follows from its seed. */

const size = { requests: 500, name: 'kill-order' }
const planFrom = (seed: number) => planOf(randomFrom(seed), usualSale, size)

t.test('the same seed makes the same plan, the next one another', async (t) => {
  t.strictSame(planFrom(7), planFrom(7))
  t.notSame(planFrom(7), planFrom(8))
})

t.test('the fault is injected inside the burst, at another moment for another seed', async (t) => {
  const moments = Array.from({ length: 200 }, (_, seed) => planFrom(seed).injectAt)
  t.ok(moments.every((share) => share >= 0.05 && share <= 0.85))
  t.ok(Math.min(...moments) < 0.15 && Math.max(...moments) > 0.75)
})

t.test('the usual sale has purchases of every sort, each under a key of its own', async (t) => {
  const { purchases } = planFrom(7)
  t.equal(new Set(purchases.map(({ key }) => key)).size, size.requests)
  t.equal(new Set(purchases.map(({ buyer }) => buyer)).size, buyersCount)
  const sorts = (sortOf: (purchase: Purchase) => string) => new Set(purchases.map(sortOf)).size
  t.equal(
    sorts(({ wants, quantity }) => `${quantity} of ${wants.join(' and ')}`),
    6,
  )
  t.equal(
    sorts(({ cancelsAfterMs, resends }) => `${cancelsAfterMs === 0} ${resends}`),
    4,
  )
})
