import { reservationTransitions } from '@flash-deal/product/reservation'
import t from 'tap'
import { claimTransitions } from '../src/domain/claim.ts'
import { orderTransitions } from '../src/domain/order.ts'
import { runHistories } from './histories/run-histories.ts'
import { allowedBy, seenTransitions, watchTransitions } from './histories/transitions.ts'
import { openWorld } from './histories/world.ts'

/**
 * Two clients, a sweep, a relay, retention, cancellations, the end of a deal and of a day run in
 * random order, one step at a time. At each step an actor may die, and each call and statement may
 * be lost, unanswered or late. The seed is fixed; `histories.long.test.ts` runs random ones.
 */

t.setTimeout(600_000)
const shop = await openWorld(t)
await watchTransitions(shop)

t.test('no history violates an invariant or contradicts a response to a client', async (t) => {
  t.equal(await runHistories(shop, { seed: 1, histories: 100 }), '')
})

/** Transitions that no code performs yet: delivery. */
const delivery = ['confirmed > shipped', 'shipped > delivered']
const pending = ['none > pending', 'pending > confirmed', 'pending > rejected']

t.test('state changes follow the tables, and every transition occurs', async (t) => {
  const seen = await seenTransitions(shop)
  t.strictSame([...seen.orders, ...delivery, ...pending].sort(), allowedBy(orderTransitions))
  t.strictSame(seen.reservations, allowedBy(reservationTransitions))
  t.strictSame(seen.claims, allowedBy(claimTransitions))
})

t.test('the same holds if one statement stores an order (M8)', async (t) => {
  const other = await openWorld(t, { M8: 'optimized' })
  t.equal(await runHistories(other, { seed: 5, histories: 15 }), '')
})

for (const [H2, seed] of [
  ['optimized', 1],
  ['queue-first', 2],
] as const) {
  t.test(`the same holds with asynchronous orders (H2 ${H2})`, async (t) => {
    const other = await openWorld(t, { H2 })
    await watchTransitions(other)
    t.equal(await runHistories(other, { seed, histories: 20 }), '')
    const { orders } = await seenTransitions(other)
    t.notOk(
      orders.filter((each) => !allowedBy(orderTransitions).includes(each)).length,
      'state changes follow the table',
    )
    const wanted = H2 === 'queue-first' ? pending : pending.slice(0, 2)
    t.strictSame(
      wanted.filter((each) => !orders.includes(each)),
      [],
      'each of these changes occurs',
    )
  })
}
