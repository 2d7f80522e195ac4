import { randomUUID } from 'node:crypto'
import { eachVariant, until } from '@flash-deal/testing'
import t from 'tap'
import {
  buy,
  cancel,
  type DealLine,
  type NewOrder,
  type Order,
  offerDeal,
  openShop,
  reservedIds,
  type Shop,
} from '../../../test/order-and-product.ts'

/** Guarantees that cached refusals in order must not change. */

const one = (line: DealLine): NewOrder => ({ items: [line] })

const asked = (shop: Shop): number => reservedIds(shop).length

for (const M7 of eachVariant('M7')) {
  t.test(M7, async (t) => {
    const shop = await openShop(t, { scenarios: { M1: 'optimized', M7 } })
    const isOptimized = M7 === 'optimized'
    const sell = async (deal_stock = 1) => {
      const deal = await offerDeal(shop, { deal_stock })
      const buyer = randomUUID()
      const answer = await buy(shop.order, buyer, one(deal))
      t.equal(answer.statusCode, 201, answer.body)
      return { deal, buyer, order: answer.json<Order>() }
    }
    const refused = async (deal: DealLine, key?: string) => {
      const answer = await buy(shop.order, randomUUID(), one(deal), key)
      return [answer.statusCode, answer.json<{ error: string }>().error]
    }
    const soldOut = [400, 'INSUFFICIENT_STOCK']

    t.test('all are refused with the same response, with or without a call', async (t) => {
      const { deal } = await sell()
      const before = asked(shop)
      const first = await buy(shop.order, randomUUID(), one(deal))
      const bodyOf = ({ body }: { body: string }) => ({ ...JSON.parse(body), request_id: '' })
      let sent = 1
      // On a slow machine a rejection may be too old for all orders of a round.
      await until(async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => buy(shop.order, randomUUID(), one(deal))),
        )
        for (const answer of answers) t.strictSame(bodyOf(answer), bodyOf(first))
        sent += answers.length
        return !isOptimized || asked(shop) - before < sent
      })
      if (!isOptimized) t.equal(asked(shop) - before, sent)
    })

    t.test('an order under a key is always sent to product', async (t) => {
      const { deal } = await sell()
      await refused(deal)
      const before = asked(shop)
      t.strictSame(await refused(deal, randomUUID()), soldOut)
      t.strictSame(await refused(deal, randomUUID()), soldOut)
      t.equal(asked(shop) - before, 2)
    })

    t.test('a key with an order gets that order', async (t) => {
      const deal = await offerDeal(shop, { deal_stock: 1 })
      const [buyer, key] = [randomUUID(), randomUUID()]
      const first = await buy(shop.order, buyer, one(deal), key)
      t.equal(first.statusCode, 201)
      t.strictSame(await refused(deal), soldOut)
      const again = await buy(shop.order, buyer, one(deal), key)
      t.strictSame([again.statusCode, again.body], [201, first.body])
    })

    t.test('cancelled units can be ordered immediately', async (t) => {
      const { deal, buyer, order } = await sell()
      t.strictSame(await refused(deal), soldOut)
      t.equal((await cancel(shop.order, buyer, order.id)).statusCode, 200)
      t.equal((await buy(shop.order, randomUUID(), one(deal))).statusCode, 201)
    })

    t.test('units released by another process can be ordered again', async (t) => {
      const { deal, order } = await sell()
      t.strictSame(await refused(deal), soldOut)
      await shop.product.releaseStock(order.id)
      await until(async () => (await buy(shop.order, randomUUID(), one(deal))).statusCode === 201)
    })

    t.test('the rejection of a larger order does not affect a smaller one', async (t) => {
      const deal = await offerDeal(shop, { deal_stock: 2 })
      t.strictSame(await refused({ ...deal, quantity: 3 }), soldOut)
      t.equal((await buy(shop.order, randomUUID(), one({ ...deal, quantity: 2 }))).statusCode, 201)
    })

    t.test('it does not replace other rejections', async (t) => {
      const { deal } = await sell()
      t.strictSame(await refused(deal), soldOut)
      const elsewhere = { ...deal, product_id: randomUUID() }
      t.strictSame(await refused(elsewhere), [404, 'PRODUCT_NOT_FOUND'])
    })
  })
}
