import { randomUUID } from 'node:crypto'
import { metricsPortOffset } from '@flash-deal/config'
import { asUser, until } from '@flash-deal/testing'
import t from 'tap'
import { goProcess, hasGo } from '../go-process.ts'
import { brokenInvariants, offerProduct, openShop, settle, units } from '../order-and-product.ts'

/** Order in Go rejects the orders beyond its limit before it does any work for them, as in Node. */

/** The limit at the start. */
const limit = 320

if (!hasGo) {
  t.test('the limit of order in Go', { skip: 'Go is not installed.' }, async () => {})
} else {
  const scenarios = { H1: 'optimized' } as const
  const shop = await openShop(t, { scenarios })
  const { port } = await goProcess(t, {
    ...{ database: shop.database, scenarios },
    settings: { PRODUCT_URLS: shop.toProduct.url },
  })
  const product = await offerProduct(shop, { stock: 10_000 })
  const order = (user: object = asUser(randomUUID())) =>
    fetch(`http://127.0.0.1:${port}/orders`, {
      method: 'POST',
      headers: { ...user, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(units(product)),
    })
  const metrics = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port + metricsPortOffset}/metrics`)).text()
  const isInProgress = (count: number) => async (): Promise<boolean> =>
    (await metrics()).includes(
      `operation_requests{operation="createOrder",state="running"} ${count}\n`,
    )

  t.test('an order beyond the limit gets 503 and has no effect', async (t) => {
    const held = Promise.withResolvers<void>()
    shop.toProduct.on('reservations', async (forward) => {
      await held.promise
      return forward()
    })
    const full = Array.from({ length: limit }, () => order())
    await until(isInProgress(limit))
    const refused = await order()
    t.equal(refused.status, 503)
    t.equal(refused.headers.get('retry-after'), '1')
    t.match(await refused.json(), { error: 'SERVICE_UNAVAILABLE' })
    t.equal((await order({})).status, 401, 'a request without a user still gets 401')
    t.match(await metrics(), `operation_requests{operation="createOrder",state="limit"} ${limit}\n`)

    held.resolve()
    const statuses = (await Promise.all(full)).map(({ status }) => status)
    t.strictSame([...new Set(statuses)], [201])
    t.equal((await order()).status, 201)
    await until(isInProgress(0))
    t.equal((await shop.sql`select from orders.claims`).length, limit + 1)
    await settle(shop)
    t.strictSame(await brokenInvariants(shop), [])
  })
}
