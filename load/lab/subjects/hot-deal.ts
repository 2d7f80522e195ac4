import { createClient } from '@flash-deal/local/api-client'
import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { logIn } from './account.ts'

/** One hot deal, with more units than a run can sell. */

export type HotDeal = { product_id: string; deal_id: string }

const units = 1_000_000_000
const hourMs = 3_600_000

/** @returns the number of deals, for the record */
export const offerHotDeal = async ({ url }: Stack): Promise<{ deals: number }> => {
  await offerDeal(url, units)
  return { deals: 1 }
}

/** @param url of the gateway @param stock units of the deal, and of its product */
export const offerDeal = async (url: string, stock: number): Promise<HotDeal> => {
  const api = createClient(url)
  const token = await logIn(api)
  const create = async (path: string, body: object): Promise<string> =>
    (await api<{ id: string }>(path, { body, token })).body.id
  const product_id = await create('/products', { name: 'Hot', price: 1_000, stock })
  const deal_id = await create('/products/deals', {
    product_id,
    deal_price: 500,
    deal_stock: stock,
    starts_at: new Date(Date.now() - hourMs).toISOString(),
    ends_at: new Date(Date.now() + 10 * hourMs).toISOString(),
  })
  return { product_id, deal_id }
}

/** Reads it from the arm, because the gateway of the system no longer runs. */
export const hotDealAt = async (address: string): Promise<HotDeal> => {
  const { body } = await createClient(address)<{ items: { id: string; product_id: string }[] }>(
    '/products/deals',
  )
  const [deal] = body.items
  if (!deal) throw new Error('There is no deal.')
  return { product_id: deal.product_id, deal_id: deal.id }
}

/** Reads it from the database. @throws Error if there is none */
export const hotDealIn = async ({ adminUrl }: Stack): Promise<HotDeal> => {
  const sql = postgres(adminUrl, { max: 1 })
  try {
    const [deal] = await sql<HotDeal[]>`select product_id, id as deal_id from product.deals`
    if (!deal) throw new Error('There is no deal.')
    return deal
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const everythingSold = `
  truncate product.reservations, product.reservation_lines, product.deal_buyers,
    orders.orders, orders.order_items, orders.claims, orders.outbox;
  update product.deals set remaining_stock = deal_stock;
  vacuum analyze product.deals;
  checkpoint`

/** Removes all orders, so that each restart begins with the same tables. */
export const takeBackAll = async ({ adminUrl }: Stack): Promise<void> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    for (const statement of everythingSold.split(';')) await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
