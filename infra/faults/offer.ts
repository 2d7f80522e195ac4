import type { Client } from '@flash-deal/local/api-client'
import type { OperationRequest } from './clients.ts'
import type { Sale, Units } from './plan.ts'
import type { Kind, Purchase } from './purchase.ts'

/** The users and the products of a round. */

export type Users = {
  /** Access token of the seller. */
  seller: string
  /** Access token of the buyer with this index, from 0. */
  buyer(number: number): string
}

/** The products of a round: one with a deal and one without. */
export type Offer = {
  lines: Readonly<Record<Kind, { product_id: string; deal_id?: string }>>
  /** Units offered, including later restocks. */
  units: Units
}

/** @param lengthMs expected duration of the burst, in milliseconds */
export const createOffer = async (
  api: Client,
  { seller }: Users,
  sale: Pick<Sale, 'units' | 'limit' | 'endsAt'>,
  { requests, lengthMs }: { requests: number; lengthMs: number },
): Promise<Offer> => {
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

/** Adds stock to the product without a deal. */
export const restock = async (
  api: Client,
  { seller: token }: Users,
  offer: Offer,
  delta: number,
): Promise<void> => {
  const path = `/products/${offer.lines.product.product_id}/stock`
  await api(path, { method: 'PATCH', body: { delta }, token })
  offer.units.product += delta
}

/** The remaining stock. When a deal ends, its remaining stock moves back to the product. */
export const unitsLeft = async (api: Client, { lines }: Offer): Promise<Units> => {
  const { deal, product } = lines
  const stockOf = async (id: string) => (await api<{ stock: number }>(`/products/${id}/stock`)).body
  const [inDeal, movedBack, plain] = await Promise.all([
    api<{ remaining_stock: number }>(`/products/deals/${deal.deal_id}`),
    stockOf(deal.product_id),
    stockOf(product.product_id),
  ])
  return { deal: inDeal.body.remaining_stock + movedBack.stock, product: plain.stock }
}

export const orderRequest = (
  users: Users,
  { lines }: Offer,
  purchase: Purchase,
): OperationRequest => ({
  call: 'createOrder',
  purchase,
  path: '/orders',
  token: users.buyer(purchase.buyer),
  body: {
    items: purchase.kinds.map((kind) => ({ ...lines[kind], quantity: purchase.quantity })),
  },
})

export const cancelRequest = (
  users: Users,
  purchase: Purchase,
  orderId: string,
): OperationRequest => ({
  call: 'cancelOrder',
  purchase,
  path: `/orders/${orderId}/cancel`,
  token: users.buyer(purchase.buyer),
})
