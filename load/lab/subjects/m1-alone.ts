import type { Stack } from '@flash-deal/local/stack'
import { findPgbench, pgbenchRate } from '../counted/pgbench.ts'
import { repeated, type Trial } from '../counted/repeated.ts'
import { literalStatementOf } from '../counted/statement.ts'
import type { Counted } from '../record.ts'
import { type HotDeal, hotDealIn, takeBackAll } from './hot-deal.ts'
import type { Extent } from './subject.ts'

/** The throughput of PostgreSQL alone on a hot deal: the statement of `conditional` and `optimized`. */

const extents = { full: { seconds: 5, runs: 5 }, smoke: { seconds: 1, runs: 1 } }

/** The seed of the order of runs. */
const seed = 1

/** Orders per statement: one, and the number that waits together with 64 clients. */
const batches = [
  { orders: 1, connections: 1 },
  { orders: 32, connections: 1 },
  { orders: 32, connections: 2 },
]

/** Empty without pgbench. Restores the stock afterwards. */
export const ordersByPgbench = async (stack: Stack, extent: Extent): Promise<Counted[]> => {
  const program = findPgbench()
  if (program === undefined) return []
  const deal = await hotDealIn(stack)
  const { seconds, runs } = extents[extent]
  const trials = batches.map(({ orders, connections }): Trial => {
    const options = {
      ...{ statement: takingOf(orders, deal), url: stack.adminUrl },
      ...{ schema: 'product', connections, seconds },
    }
    return {
      table: 'The statement of conditional and optimized by pgbench, without a service',
      row: `orders a statement: ${orders}, connections: ${connections}`,
      run: async () => {
        const rate = await pgbenchRate(program, options)
        await takeBackAll(stack)
        return { figures: { 'orders a second': rate * orders } }
      },
    }
  })
  return repeated(trials, seed, runs)
}

/** The statement of product, with orders and buyers that the server generates. */
const takingOf = (orders: number, { deal_id, product_id }: HotDeal): string => {
  const anybody = `(select array_agg(gen_random_uuid()) from generate_series(1, ${orders}))`
  const each = (value: string) => `array_fill(${value}, array[${orders}])`
  return literalStatementOf('product/queries/reservation_take', {
    order_ids: anybody,
    user_ids: anybody,
    product_ids: each(`'${product_id}'::uuid`),
    quantities: each('1'),
    so_far: each('1'),
    ttl_ms: '3600000',
    deal_id: `'${deal_id}'`,
  })
}
