import { randomUUID } from 'node:crypto'
import { metricsPortOffset, type VariantOf } from '@flash-deal/config'
import { asUser, freePort } from '@flash-deal/testing'
import t from 'tap'
import { goProcess, hasGo } from '../go-process.ts'
import {
  brokenInvariants,
  type Order,
  offerDeal,
  openShop,
  remainingOf,
  settle,
} from '../order-and-product.ts'

/** The calls of order in Go to product with each variant of H1, with many buyers of one deal. */

const witnesses: Readonly<Record<VariantOf<'H1'>, string>> = {
  baseline: 'connection_call',
  http: 'pooled_call',
  grpc: 'grpc_call',
  optimized: 'batched',
}

const countedAt = async (port: number): Promise<Record<string, number>> => {
  const page = await (await fetch(`http://127.0.0.1:${port + metricsPortOffset}/metrics`)).text()
  const line = /^scenario_witness_total\{event="(\w+)",scenario="H1"\} (\d+)$/gm
  const found = page.matchAll(line)
  return Object.fromEntries(Array.from(found, ([, event, count]) => [event, Number(count)]))
}

const [buyers, stock] = [40, 15]

for (const [H1, witness] of Object.entries(witnesses) as [VariantOf<'H1'>, string][]) {
  const skip = hasGo ? false : 'Go is not installed.'
  t.test(`H1 ${H1}: a deal is sold out, and no unit is sold twice`, { skip }, async (t) => {
    const PRODUCT_GRPC_PORT = String(await freePort())
    const PRODUCT_GRPC_URLS = `http://127.0.0.1:${PRODUCT_GRPC_PORT}`
    const shop = await openShop(t, {
      scenarios: { H1 },
      order: { PRODUCT_GRPC_URLS },
      product: { PRODUCT_GRPC_PORT },
    })
    const { port } = await goProcess(t, {
      database: shop.database,
      settings: { PRODUCT_URLS: shop.toProduct.url, PRODUCT_GRPC_URLS },
      scenarios: { H1 },
    })
    const send = (path: string, user: string, body: object, key = randomUUID()) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { ...asUser(user), 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      })
    const deal = await offerDeal(shop, { deal_stock: stock })
    const bodies = await Promise.all(
      Array.from({ length: buyers }, async () => {
        const user = randomUUID()
        const key = randomUUID()
        const answer = await send('/orders', user, { items: [deal] }, key)
        const body = await answer.text()
        if (answer.status === 201) {
          const again = await send('/orders', user, { items: [deal] }, key)
          t.equal(await again.text(), body, 'a repeated key gets the same bytes')
          return { user, ...(JSON.parse(body) as Order) }
        }
        return { user, error: (JSON.parse(body) as { error: string }).error }
      }),
    )
    const won = bodies.flatMap((each) => ('id' in each ? [each] : []))
    const refused = bodies.flatMap((each) => ('error' in each ? [each.error] : []))
    t.equal(won.length, stock)
    t.strictSame([...new Set(refused)], ['INSUFFICIENT_STOCK'])
    t.equal(await remainingOf(shop, deal.deal_id), 0)

    const [first] = won
    const cancelled = await send(`/orders/${first?.id}/cancel`, first?.user ?? '', {})
    t.equal(cancelled.status, 200)
    t.equal(await remainingOf(shop, deal.deal_id), 1, 'the unit is back')

    const counted = await countedAt(port)
    t.ok((counted[witness] ?? 0) >= buyers, `${witness} is counted: ${JSON.stringify(counted)}`)
    if (H1 === 'optimized')
      t.ok((counted.batch ?? buyers) < (counted.batched ?? 0), 'in fewer calls')
    await settle(shop)
    t.strictSame(await brokenInvariants(shop), [])
  })
}
