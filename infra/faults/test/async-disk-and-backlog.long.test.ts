import { servers } from '@flash-deal/testing'
import t from 'tap'
import { fullDisk } from '../async/async-faults.ts'
import { openAsyncSystem, runAsyncSale } from '../async/async-sale.ts'
import { drainBacklog } from '../async/backlog.ts'
import { cannotMount } from '../async/full-disk.ts'

/** The faults of asynchronous orders that take minutes. */

t.setTimeout(1_800_000)
const skip = servers().kafka ? false : 'Java or Maven is not installed'

/** The memory that a process may use in addition to that at its start, for any backlog. */
const moreMb = 200

t.test('asynchronous orders with a full disk and with a backlog', { skip }, async (t) => {
  const system = await openAsyncSystem('queue-first')
  t.teardown(() => system.stack.end())

  const title = "the broker's disk is full: orders are accepted, and decided when there is room"
  await t.test(title, { skip: cannotMount() }, async (t) => {
    const sale = { fault: fullDisk, requests: 400 }
    const { broken, accepted, confirmed, rejected, inconclusive } = await runAsyncSale(system, sale)
    t.comment(`${accepted} accepted, ${confirmed} confirmed, ${rejected} rejected`)
    t.strictSame(broken, [])
    t.equal(inconclusive, undefined)
    t.equal(accepted, confirmed + rejected)
  })

  const orders = 100_000
  await t.test(`a consumer that starts with a backlog of ${orders} drains it`, async (t) => {
    const { broken, confirmed, drainMs, memoryMb } = await drainBacklog(system, orders)
    t.strictSame(broken, [])
    t.equal(confirmed, orders)
    t.comment(`${orders} orders in ${(drainMs / 1_000).toFixed(1)} s`)
    for (const [name, { before, most }] of Object.entries(memoryMb)) {
      t.comment(`${name}: ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`)
      t.ok(most - before < moreMb, `the memory of ${name} is bounded`)
    }
  })
})
