import { randomUUID } from 'node:crypto'
import { brokenInvariants, buy, offerDeal, type Shop, settle } from '../order-and-product.ts'

/** Fifty concurrent buyers for twenty units; returns the violated invariants afterwards. */
export const burst = async (shop: Shop): Promise<string> => {
  const line = await offerDeal(shop, { deal_stock: 20 })
  const buyers = Array.from({ length: 50 }, () => randomUUID())
  await Promise.all(buyers.map((buyer) => buy(shop.order, buyer, { items: [line] })))
  await settle(shop)
  return (await brokenInvariants(shop)).join('\n')
}
