import { randomUUID } from 'node:crypto'
import type { Client } from '@flash-deal/local/api-client'
import type { Asked } from './clients.ts'
import { inParallel } from './in-parallel.ts'
import type { Kind, Purchase } from './plan.ts'

/** Who buys and what is for sale. */

export type Shop = {
  /** Access tokens. */
  seller: string
  buyers: readonly string[]
}

/** What a round sells: a product in a deal, short of stock, and one without, with plenty. */
export type Goods = {
  lines: Readonly<Record<Kind, { product_id: string; deal_id?: string }>>
  /** Units at the beginning. */
  units: Readonly<Record<Kind, number>>
}

/** Few, since each costs a slow password hash twice; they come back in every round. */
export const buyersCount = 24

/** Two at a time, as auth hashes them. */
export const openShop = async (api: Client): Promise<Shop> => {
  const names = Array.from({ length: buyersCount + 1 }, () => `${randomUUID()}@example.com`)
  const [seller = '', ...buyers] = await inParallel(names, 2, (email) => tokenOf(api, email))
  return { seller, buyers }
}

const tokenOf = async (api: Client, email: string): Promise<string> => {
  const credentials = { email, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Faults' } })
  const { body } = await api<{ access_token: string }>('/auth/login', { body: credentials })
  return body.access_token
}

/** Of the units that about three in four requests want of the deal, a third is there. */
export const offer = async (api: Client, { seller }: Shop, requests: number): Promise<Goods> => {
  const units = { deal: Math.ceil(requests * 0.375), product: requests * 2 }
  const [inDeal, plain] = await Promise.all([
    create(api, seller, '/products', { name: 'In a deal', price: 1_000, stock: units.deal }),
    create(api, seller, '/products', { name: 'Without one', price: 700, stock: units.product }),
  ])
  const deal_id = await create(api, seller, '/products/deals', {
    product_id: inDeal,
    deal_price: 500,
    deal_stock: units.deal,
    // Less than a buyer wants of it, more than would leave stock over.
    per_user_limit: Math.ceil((units.deal * 1.5) / buyersCount),
    starts_at: new Date(Date.now() - hourMs).toISOString(),
    ends_at: new Date(Date.now() + hourMs).toISOString(),
  })
  return { lines: { deal: { product_id: inDeal, deal_id }, product: { product_id: plain } }, units }
}

const hourMs = 3_600_000

const create = async (api: Client, token: string, path: string, body: object): Promise<string> =>
  (await api<{ id: string }>(path, { body, token })).body.id

/** What the gateway says is left of them. */
export const unitsLeft = async (api: Client, { lines }: Goods): Promise<Goods['units']> => {
  const { deal, product } = lines
  const [ofDeal, ofProduct] = await Promise.all([
    api<{ remaining_stock: number }>(`/products/deals/${deal.deal_id}`),
    api<{ stock: number }>(`/products/${product.product_id}/stock`),
  ])
  return { deal: ofDeal.body.remaining_stock, product: ofProduct.body.stock }
}

export const orderAsked = ({ buyers }: Shop, { lines }: Goods, purchase: Purchase): Asked => ({
  call: 'createOrder',
  purchase,
  path: '/orders',
  token: buyers[purchase.buyer] ?? '',
  body: {
    items: purchase.wants.map((kind) => ({ ...lines[kind], quantity: purchase.quantity })),
  },
})

export const cancelAsked = ({ buyers }: Shop, purchase: Purchase, orderId: string): Asked => ({
  call: 'cancelOrder',
  purchase,
  path: `/orders/${orderId}/cancel`,
  token: buyers[purchase.buyer] ?? '',
})
