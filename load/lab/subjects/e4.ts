import { type Client, createClient } from '@flash-deal/local/api-client'
import { logIn } from './account.ts'
import { asUser } from './as-user.ts'
import { buyersOf, pageByPgbench } from './e4-alone.ts'
import { pageAt, productNo } from './product-pages.ts'
import type { Subject } from './subject.ts'

const buyers = { full: 20, smoke: 3 }
const ordersEach = 50
const linesEach = 3

/** E4: frequent buyers list their orders. */
export const e4: Subject = {
  id: 'E4',
  name: 'e4',
  question: 'the cost of a list of 50 orders with three lines',
  operations: ['listMyOrders'],
  services: ['order'],
  // It serves no requests here, but order is not ready without it.
  shared: ['product'],
  connections: 16,
  blocks: 2,
  witness: {
    baseline: ['item_query'],
    optimized: ['json'],
    joined: ['joined'],
    batch: ['batch_query'],
  },
  ceiling: {
    what: 'a bare Fastify route that runs the statement of optimized in PostgreSQL and sends bytes from memory',
    program: 'one-statement.ts',
  },
  environment: (_, { databases }) => ({ ORDER_DATABASE_URL: databases.orderUrl }),
  onlyReads: true,
  comesToRest: true,

  async prepare({ url }, extent) {
    const api = createClient(url)
    const products = await offer(api)
    for (let buyer = 0; buyer < buyers[extent]; buyer += 1) await buyOften(api, products)
    return { buyers: buyers[extent], 'orders a buyer': ordersEach, 'lines an order': linesEach }
  },

  count: (stack, extent) => pageByPgbench(stack, extent, ordersEach),

  templates: async (address, stack) => {
    const ids = await buyersOf(stack.adminUrl)
    return Promise.all(
      ids.map((id) => pageAt(address, `/orders?size=${ordersEach}`, asUser(id, stack))),
    )
  },
}

const offer = async (api: Client): Promise<string[]> => {
  const token = await logIn(api)
  const made = Array.from({ length: linesEach }, (_, index) =>
    api<{ id: string }>('/products', { body: { ...productNo(index), stock: 1_000_000 }, token }),
  )
  return (await Promise.all(made)).map(({ body }) => body.id)
}

/** Ten orders at a time. */
const buyOften = async (api: Client, products: readonly string[]): Promise<void> => {
  const token = await logIn(api)
  const body = { items: products.map((product_id, index) => ({ product_id, quantity: index + 1 })) }
  for (let made = 0; made < ordersEach; made += 10) {
    await Promise.all(Array.from({ length: 10 }, () => api('/orders', { body, token })))
  }
}
