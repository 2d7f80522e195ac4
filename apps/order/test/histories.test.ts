import { reservationTransitions } from '@flash-deal/product/reservation'
import t from 'tap'
import { claimTransitions } from '../src/domain/claim.ts'
import { orderTransitions } from '../src/domain/order.ts'
import { runHistories } from './histories/run-histories.ts'
import { allowedBy, seenTransitions, watchTransitions } from './histories/transitions.ts'
import { openWorld } from './histories/world.ts'

/**
 * Two clients, a sweep, a relay, retention, cancellations, the end of a deal and of a day, one step
 * after the other in any order; at each step somebody may die, and each call and statement may be
 * lost, unanswered or late. These are the same every time; `histories.long.test.ts` has others.
 */

t.setTimeout(600_000)
const shop = await openWorld(t)
await watchTransitions(shop)

t.test('no history violates an invariant or contradicts a response to a client', async (t) => {
  t.equal(await runHistories(shop, { seed: 1, histories: 100 }), '')
})

/** What nothing does yet: delivery, and the asynchronous order. */
const later = [
  ...['confirmed > shipped', 'shipped > delivered'],
  ...['none > pending', 'pending > confirmed', 'pending > rejected'],
]

t.test('state changes follow the tables, and every transition occurs', async (t) => {
  const seen = await seenTransitions(shop)
  t.strictSame([...seen.orders, ...later].sort(), allowedBy(orderTransitions))
  t.strictSame(seen.reservations, allowedBy(reservationTransitions))
  t.strictSame(seen.claims, allowedBy(claimTransitions))
})

t.test('nor does one where one statement stores an order (M8)', async (t) => {
  const other = await openWorld(t, 'optimized')
  t.equal(await runHistories(other, { seed: 5, histories: 30 }), '')
})
