import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from '@flash-deal/local/api-client'

/** A sale with orders of every kind: bought, refused by the limit, sold out, cancelled. */

const units = 8
const hourMs = 3_600_000

export type SmallSale = {
  dealId: string
  /** Orders that were acknowledged, and those of them that were cancelled. */
  orders: number
  cancelled: number
  /** One purchase more, of a product with plenty of stock, and some reads. */
  buy(): Promise<void>
}

export const smallSale = async (url: string): Promise<SmallSale> => {
  const api = createClient(url)
  const [seller, ...buyers] = await Promise.all(Array.from({ length: units }, () => userOf(api)))
  const create = async (path: string, body: object): Promise<string> =>
    (await api<{ id: string }>(path, { token: seller ?? '', body })).body.id
  const [inDeal, plenty] = await Promise.all([
    create('/products', { name: 'Kettle', price: 1_000, stock: units }),
    create('/products', { name: 'Teapot', price: 700, stock: 100_000 }),
  ])
  const dealId = await create('/products/deals', {
    ...{ product_id: inDeal, deal_price: 500, deal_stock: units, per_user_limit: 2 },
    starts_at: new Date(Date.now() - hourMs).toISOString(),
    ends_at: new Date(Date.now() + hourMs).toISOString(),
  })
  const line = { product_id: inDeal, deal_id: dealId, quantity: 2 }
  const order = (token: string, item: object, expect: number[] = []) =>
    api<{ id: string }>('/orders', { token, expect, body: { items: [item] } })

  const sale: SmallSale = { dealId, orders: 0, cancelled: 0, buy: async () => {} }
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = buyers
  for (const token of [first, second, third]) await order(token, line)
  await order(first, line, [409])
  await order(fourth, line)
  sale.orders += 4
  await order(fifth, line, [400])
  const plain = await order(fifth, { product_id: plenty, quantity: 1 })
  sale.orders += 1
  await cancelled(api, fifth, plain.body.id)
  sale.cancelled += 1
  sale.buy = async () => {
    await Promise.all([
      order(second, { product_id: plenty, quantity: 1 }),
      order(third, { product_id: plenty, quantity: 2 }),
      api('/products?size=10'),
      api('/products/deals'),
      api(`/products/${plenty}`),
    ])
    sale.orders += 2
  }
  return sale
}

const userOf = async (api: Client): Promise<string> => {
  const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Buyer' } })
  const { body } = await api<{ access_token: string }>('/auth/login', { body: credentials })
  return body.access_token
}

/** An order that is pending cannot be cancelled yet. */
const cancelled = async (api: Client, token: string, id: string): Promise<void> => {
  const deadline = performance.now() + 10_000
  for (;;) {
    const { status } = await api(`/orders/${id}/cancel`, { method: 'POST', token, expect: [400] })
    if (status === 200) return
    if (performance.now() > deadline) throw new Error(`Order ${id} could not be cancelled.`)
    await pause(50)
  }
}
