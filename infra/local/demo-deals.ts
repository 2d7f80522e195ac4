import { allPages, type Client } from './api-client.ts'
import type { featured } from './demo-catalogue.ts'

/** The three deals of the demo, and Bob's purchases of the third. */

export type Product = { id: string; name: string }
export type Featured = Record<keyof typeof featured, Product>
type Deal = { id: string; product_id: string; status: string; remaining_stock: number }
type Order = { items: { deal_id: string | null }[] }

/** The data of the purchase card. */
export type Seeded = { activeDeal: Deal; nearlySoldOut: Deal }

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const ensureDeals = async (
  api: Client,
  token: string,
  products: Featured,
): Promise<Seeded> => {
  const ensure = async (product: Product, statuses: string[], terms: Terms): Promise<Deal> =>
    (await findDeal(api, product, statuses)) ?? (await createDeal(api, token, product, terms))
  const [activeDeal, , nearlySoldOut] = await Promise.all([
    ensure(products.active, ['active'], {
      price: 89_000,
      stock: 10_000,
      fromMs: -hourMs,
      lastsMs: 60 * dayMs,
    }),
    ensure(products.scheduled, ['scheduled'], {
      price: 59_000,
      stock: 1_000,
      fromMs: dayMs,
      lastsMs: dayMs,
    }),
    ensure(products.nearlySoldOut, ['active', 'sold_out'], {
      price: 399_000,
      stock: 20,
      fromMs: -hourMs,
      lastsMs: 60 * dayMs,
    }),
  ])
  return { activeDeal, nearlySoldOut }
}

const findDeal = async (
  api: Client,
  product: Product,
  statuses: string[],
): Promise<Deal | undefined> => {
  for (const status of statuses) {
    const deals = await allPages<Deal>(api, `/products/deals?status=${status}`)
    const found = deals.find(({ product_id }) => product_id === product.id)
    if (found) return found
  }
  return undefined
}

type Terms = { price: number; stock: number; fromMs: number; lastsMs: number }

const createDeal = async (
  api: Client,
  token: string,
  product: Product,
  terms: Terms,
): Promise<Deal> => {
  const startsAt = Date.now() + terms.fromMs
  const body = {
    product_id: product.id,
    deal_price: terms.price,
    deal_stock: terms.stock,
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(startsAt + terms.lastsMs).toISOString(),
  }
  return (await api<Deal>('/products/deals', { body, token })).body
}

/** Bob's purchases: two of the twenty units remain. Sold out is accepted, too. */
const quantities = [10, 8]
const remaining = 2

export const ensurePurchases = async (api: Client, token: string, deal: Deal): Promise<void> => {
  if (deal.remaining_stock <= remaining) return
  const orders = await allPages<Order>(api, '/orders?', token)
  const bought = orders.filter(({ items }) =>
    items.some(({ deal_id }) => deal_id === deal.id),
  ).length
  for (const [index, quantity] of quantities.slice(bought).entries()) {
    const items = [{ product_id: deal.product_id, deal_id: deal.id, quantity }]
    const idempotencyKey = `demo-${deal.id}-${bought + index}`
    await api('/orders', { body: { items }, token, idempotencyKey, expect: [400] })
  }
}
