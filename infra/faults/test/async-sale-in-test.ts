import { servers } from '@flash-deal/testing'
import type { Test } from 'tap'
import type { AsyncFault } from '../async/async-faults.ts'
import { openAsyncSystem, runAsyncSale } from '../async/async-sale.ts'

/**
 * Accepted = confirmed + rejected with any fault: real processes, a real broker, one sale per
 * fault.
 */
export const runAsyncSales = (t: Test, faults: readonly AsyncFault[]): unknown => {
  const skip = servers().kafka ? false : 'Java or Maven is not installed'
  return t.test('asynchronous orders under faults', { skip }, async (t) => {
    // The consumer reserves the stock, so that a lost record would lose an order.
    const system = await openAsyncSystem('queue-first')
    t.teardown(() => system.stack.end())
    for (const fault of faults) {
      await t.test(`${fault.name}: nothing is lost, oversold or left pending`, async (t) => {
        const { broken, accepted, confirmed, rejected, inconclusive } = await runAsyncSale(system, {
          fault,
          requests: 90,
        })
        t.comment(`${accepted} accepted, ${confirmed} confirmed, ${rejected} rejected`)
        t.strictSame(broken, [])
        t.equal(inconclusive, undefined)
        t.equal(accepted, confirmed + rejected)
        t.ok(confirmed > 0 && rejected > 0)
      })
    }
  })
}
