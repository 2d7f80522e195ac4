import { randomUUID } from 'node:crypto'
import { eachVariant, purchaseFlags, servers } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, lockProducts, unaccounted, untilWaiting } from './admin.ts'
import {
  buildProduct,
  type Deal,
  dealOf,
  offerDeal,
  openShop,
  orderOf,
  postRelease,
  type Result,
  release,
  reserve,
  tally,
  together,
  unitsOf,
} from './client.ts'
import { witnessOf } from './witness.ts'

/** Few connections make product slower, and nothing else. */

const { app: shop, database } = await openShop(t)
const sql = adminOf(t, database)

const isMissing = { redis: servers().redisUrl, redlock: servers().redlockUrls } as Record<
  string,
  unknown
>

/** Ten units for twenty buyers; every second one reads the lists first. */
const rush = async (app: typeof shop, deal: Deal): Promise<Result[]> =>
  together(20, async (n) => {
    if (n % 2 === 0) {
      const lists = await Promise.all(
        ['/products', '/products/deals'].map((url) => app.inject(url)),
      )
      for (const { statusCode } of lists) if (statusCode !== 200) throw new Error(`${statusCode}`)
    }
    return reserve(app, orderOf(unitsOf(deal)))
  })

for (const M1 of eachVariant('M1')) {
  const skip = M1 in isMissing && isMissing[M1] === undefined && 'there is no Redis'
  t.test(`with one connection ${M1} sells exactly all units`, { skip }, async (t) => {
    const app = await buildProduct(t, { database, scenarios: { E5: '1', ...purchaseFlags(M1) } })
    const deal = await offerDeal(app, { deal_stock: 10 })
    const results = await rush(app, deal)
    t.strictSame(tally(results.map(({ outcome }) => outcome)), { granted: 10, refused: 10 })
    await release(app, orderOf(unitsOf(deal)).order_id)
    t.equal((await dealOf(app, deal.id)).remaining_stock, 0)
    await app.sweep()
    t.strictSame([...(await unaccounted(sql))], [])
  })
}

t.test('optimized: waiting lists do not delay orders', async (t) => {
  const app = await buildProduct(t, { database, scenarios: { E5: 'optimized' } })
  const unlock = await lockProducts(sql)
  const lists = together(20, () => app.inject('/products'))
  await untilWaiting(sql, 4)
  t.equal((await postRelease(app, randomUUID())).statusCode, 200)
  t.equal((await app.inject('/health/ready')).statusCode, 200)
  await unlock()
  t.strictSame(tally((await lists).map(({ statusCode }) => statusCode)), { 200: 20 })
  const { slow_pool_of_4 = 0, quick_pool_of_4 = 0 } = await witnessOf(app, 'E5')
  t.ok(slow_pool_of_4 >= 40 && quick_pool_of_4 > 0, `${slow_pool_of_4}, ${quick_pool_of_4}`)
})
