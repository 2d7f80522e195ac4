import { randomUUID } from 'node:crypto'
import { resolveScenarios, type Scenarios } from '@flash-deal/config'
import t, { type Test } from 'tap'
import { type Caller, callerAt, newDeal, newProduct } from './client.ts'
import { type System, startSystem } from './system.ts'
import { claimsOf, headerOf, tokenOf } from './tokens.ts'

const buyerCount = 50
const units = 20

const table: Record<string, Scenarios> = {
  'SCENARIOS=': resolveScenarios({}, {}).scenarios,
  'SCENARIOS=all': resolveScenarios({}, { SCENARIOS: 'all' }).scenarios,
}

for (const [flags, scenarios] of Object.entries(table)) {
  t.test(
    `${flags}: of 50 concurrent buyers for 20 units, 20 get one and 30 are rejected`,
    async (t) => {
      const system = await startSystem(t, { scenarios })
      const health = await system.anybody('GET /health')
      t.strictSame(health.body.scenarios, scenarios)
      const buyers = await loggedIn(system)
      const seller = await system.newUser()
      const product_id = await newProduct(seller, units)
      const bought = await buyAtOnce(buyers, { product_id })
      sellsExactly(t, bought)
      t.equal((await system.anybody(`GET /products/${product_id}/stock`)).body.stock, 0)
      await ordersAreFound(t, buyers, bought)

      const another = await newProduct(seller, units)
      const deal_id = await newDeal(seller, { product_id: another, deal_stock: units })
      const fromDeal = await buyAtOnce(buyers, { product_id: another, deal_id })
      sellsExactly(t, fromDeal)
      const deal = await system.anybody(`GET /products/deals/${deal_id}`)
      t.match(deal.body, { remaining_stock: 0, status: 'sold_out' })
    },
  )
}

/** With signed tokens, because hashing fifty passwords would take most of the time. */
const loggedIn = async ({ anybody, url }: System): Promise<Caller[]> => {
  const header = headerOf((await anybody('GET /auth/.well-known/jwks.json')).body)
  const buyer = () => callerAt(url, tokenOf(header, claimsOf(randomUUID())))
  return Array.from({ length: buyerCount }, buyer)
}

const buyAtOnce = (buyers: Caller[], item: { product_id: string; deal_id?: string }) =>
  Promise.all(
    buyers.map((call) => call('POST /orders', { body: { items: [{ ...item, quantity: 1 }] } })),
  )

type Bought = Awaited<ReturnType<typeof buyAtOnce>>

const sellsExactly = (t: Test, bought: Bought): void => {
  const orders = bought.filter(({ status }) => status === 201)
  const refused = bought.filter(({ status }) => status !== 201)
  t.equal(orders.length, units)
  t.equal(new Set(orders.map(({ body }) => body.id)).size, units)
  t.strictSame(
    refused.map(({ status, body }) => `${status} ${body.error}`),
    Array(buyerCount - units).fill('400 INSUFFICIENT_STOCK'),
  )
}

/** Buyers with a 201 have an order, the others have none. */
const ordersAreFound = async (t: Test, buyers: Caller[], bought: Bought): Promise<void> => {
  const lists = await Promise.all(buyers.map((call) => call('GET /orders')))
  for (const [index, { body }] of lists.entries()) {
    const answer = bought[index]
    t.strictSame(body.items, answer?.status === 201 ? [answer.body] : [])
  }
}
