import { brokenInvariants } from '@flash-deal/testing/invariants'
import t from 'tap'
import { createClient } from '../api-client.ts'
import { type Amounts, seededEmail, seededPassword, seedMany } from '../seed-many.ts'
import { startStack } from '../stack.ts'

/** A database with generated data works like any other. */

type Page<Item> = { items: Item[]; total: number }
type Product = { id: string; stock: number }
type Deal = { id: string; product_id: string }
type Order = { id: string; status: string; items: object[] }

const amounts: Amounts = { products: 2_000, orders: 3_000, users: 50, seed: 7 }

const stack = await startStack()
t.teardown(() => stack.end())
await seedMany({ adminUrl: stack.adminUrl, ...amounts })
const api = createClient(stack.url)
const { body } = await api<{ access_token: string }>('/auth/login', {
  body: { email: seededEmail(amounts.seed, 1), password: seededPassword },
})
const token = body.access_token
const buy = async (item: object): Promise<Order> =>
  (await api<Order>('/orders', { token, body: { items: [{ ...item, quantity: 1 }] } })).body

t.test('products are listed', async (t) => {
  const page = (await api<Page<Product>>('/products?size=100&page=20')).body
  t.equal(page.total, amounts.products)
  t.equal(page.items.length, 100)
})

t.test('orders are listed with their items', async (t) => {
  const page = (await api<Page<Order>>('/orders?size=100', { token })).body
  t.ok(page.total > 100)
  t.ok(page.items.every(({ items }) => items.length > 0))
})

t.test('a product is bought, and a deal, and both orders are cancelled', async (t) => {
  const products = (await api<Page<Product>>('/products')).body.items
  const [deal] = (await api<Page<Deal>>('/products/deals')).body.items
  const inStock = products.find(({ stock }) => stock > 0)
  const orders = [
    await buy({ product_id: inStock?.id }),
    await buy({ product_id: deal?.product_id, deal_id: deal?.id }),
  ]
  for (const { id, status } of orders) {
    t.equal(status, 'confirmed')
    const cancelled = await api<Order>(`/orders/${id}/cancel`, { method: 'POST', token })
    t.equal(cancelled.body.status, 'cancelled')
  }
})

t.test('every invariant still holds', async (t) => {
  t.strictSame(await brokenInvariants({ ...stack.databases, atRest: false }), [])
})
