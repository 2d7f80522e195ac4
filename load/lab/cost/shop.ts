import { type Client, createClient } from '@flash-deal/local/api-client'
import { logIn } from '../subjects/account.ts'

/** The data of the purchases: buyers with tokens, products, deals, and existing orders. */
export type Shop = {
  tokens: readonly string[]
  products: readonly string[]
  deal: Line
  soldOut: Line
}

export type Line = { product_id: string; deal_id?: string }

export type ShopSize = { buyers: number; products: number; ordersEach: number }

const plenty = 2_000_000_000
const hourMs = 3_600_000

/** Creates the shop through the public API, with at most eight concurrent requests. */
export const makeShop = async (url: string, size: ShopSize): Promise<Shop> => {
  const api = createClient(url)
  const seller = await logIn(api)
  const tokens = await times(size.buyers, () => logIn(api))
  const products = await times(size.products, () => makeProduct(api, seller))
  const deal = await makeDeal(api, seller, plenty)
  const soldOut = await makeDeal(api, seller, 1)
  await order(api, seller, [soldOut])
  for (const token of tokens) await makeOrders(api, token, products, size.ordersEach)
  return { tokens, products, deal, soldOut }
}

const makeProduct = async (api: Client, token: string): Promise<string> => {
  const body = { name: 'Measured', price: 1_000, stock: plenty, category: 'cost' }
  return (await api<{ id: string }>('/products', { body, token })).body.id
}

/** With a limit for each buyer, so that the row that counts the buyer's units is written. */
const makeDeal = async (api: Client, token: string, units: number): Promise<Line> => {
  const product_id = await makeProduct(api, token)
  const body = {
    product_id,
    deal_price: 500,
    deal_stock: units,
    per_user_limit: plenty,
    starts_at: new Date(Date.now() - hourMs).toISOString(),
    ends_at: new Date(Date.now() + 10 * hourMs).toISOString(),
  }
  const { body: deal } = await api<{ id: string }>('/products/deals', { body, token })
  return { product_id, deal_id: deal.id }
}

const makeOrders = (api: Client, token: string, products: readonly string[], count: number) =>
  times(count, (index) =>
    order(
      api,
      token,
      products.slice(index % 7, (index % 7) + 3).map((product_id) => ({ product_id })),
    ),
  )

const order = async (api: Client, token: string, lines: readonly Line[]): Promise<void> => {
  await api('/orders', { body: { items: lines.map((line) => ({ ...line, quantity: 1 })) }, token })
}

const times = async <Result>(
  count: number,
  make: (index: number) => Promise<Result>,
): Promise<Result[]> => {
  const made: Result[] = []
  for (let from = 0; from < count; from += 8) {
    const chunk = Array.from({ length: Math.min(8, count - from) }, (_, index) => from + index)
    made.push(...(await Promise.all(chunk.map(make))))
  }
  return made
}
