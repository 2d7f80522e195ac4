import type { Client } from '@flash-deal/local/api-client'
import type { Asked } from './clients.ts'
import type { Sale, Units } from './plan.ts'
import type { Kind, Purchase } from './purchase.ts'

/** Who buys and what is for sale. */

export type Shop = {
  /** Access tokens. */
  seller: string
  /** Of the nth buyer, from 0. */
  buyer(number: number): string
}

/** What a round sells: a product in a deal, and one without. */
export type Goods = {
  lines: Readonly<Record<Kind, { product_id: string; deal_id?: string }>>
  /** Units that were put up for sale, what was added later included. */
  units: Units
}

/** @param lengthMs the time that the burst is expected to take */
export const offer = async (
  api: Client,
  { seller }: Shop,
  sale: Sale,
  { requests, lengthMs }: { requests: number; lengthMs: number },
): Promise<Goods> => {
  const units = sale.units(requests)
  const [inDeal, plain] = await Promise.all([
    create(api, seller, '/products', { name: 'In a deal', price: 1_000, stock: units.deal }),
    create(api, seller, '/products', { name: 'Without one', price: 700, stock: units.product }),
  ])
  const openMs = sale.endsAt === undefined ? hourMs : sale.endsAt * lengthMs
  const deal_id = await create(api, seller, '/products/deals', {
    product_id: inDeal,
    deal_price: 500,
    deal_stock: units.deal,
    per_user_limit: sale.limit(requests),
    starts_at: new Date(Date.now() - hourMs).toISOString(),
    ends_at: new Date(Date.now() + openMs).toISOString(),
  })
  return { lines: { deal: { product_id: inDeal, deal_id }, product: { product_id: plain } }, units }
}

const hourMs = 3_600_000

const create = async (api: Client, token: string, path: string, body: object): Promise<string> =>
  (await api<{ id: string }>(path, { body, token })).body.id

/** Puts more of the product without a deal up for sale. */
export const restock = async (
  api: Client,
  { seller: token }: Shop,
  goods: Goods,
  delta: number,
): Promise<void> => {
  const path = `/products/${goods.lines.product.product_id}/stock`
  await api(path, { method: 'PATCH', body: { delta }, token })
  goods.units.product += delta
}

/** What the gateway says is left; what a deal had left at its end is its product's. */
export const unitsLeft = async (api: Client, { lines }: Goods): Promise<Units> => {
  const { deal, product } = lines
  const stockOf = async (id: string) => (await api<{ stock: number }>(`/products/${id}/stock`)).body
  const [inDeal, movedBack, plain] = await Promise.all([
    api<{ remaining_stock: number }>(`/products/deals/${deal.deal_id}`),
    stockOf(deal.product_id),
    stockOf(product.product_id),
  ])
  return { deal: inDeal.body.remaining_stock + movedBack.stock, product: plain.stock }
}

export const orderAsked = (shop: Shop, { lines }: Goods, purchase: Purchase): Asked => ({
  call: 'createOrder',
  purchase,
  path: '/orders',
  token: shop.buyer(purchase.buyer),
  body: {
    items: purchase.wants.map((kind) => ({ ...lines[kind], quantity: purchase.quantity })),
  },
})

export const cancelAsked = (shop: Shop, purchase: Purchase, orderId: string): Asked => ({
  call: 'cancelOrder',
  purchase,
  path: `/orders/${orderId}/cancel`,
  token: shop.buyer(purchase.buyer),
})
