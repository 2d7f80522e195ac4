import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { explained } from '../counted/explained.ts'
import { statementOf } from '../counted/statement.ts'
import type { Counted } from '../record.ts'
import { buyersOf, season, withIndexes } from './m3-shop.ts'

/** The buffers of the list queries, with and without the indexes of M3. */

type Query = {
  name: string
  file: string
  schema: string
  given: Record<string, string | number>
}

const page = { size: 20, skip: 0 }

const queriesOf = (user_id: string, category: string): Query[] => {
  const orders = { schema: 'orders', given: { user_id, ...page } }
  const cancelled = {
    schema: 'orders',
    given: { user_id, ...page, ...season, status: 'cancelled' },
  }
  const products = { schema: 'product', given: page }
  const ofCategory = { schema: 'product', given: { ...page, category } }
  const [list, count] = ['order/queries/order_list', 'order/queries/order_count']
  return [
    { name: "a buyer's newest orders", file: list, ...orders },
    { name: 'how many orders', file: count, ...orders },
    { name: 'those of a summer that were cancelled', file: list, ...cancelled },
    { name: 'how many of these', file: count, ...cancelled },
    { name: 'the newest products', file: 'product/queries/product_list', ...products },
    { name: 'those of a category', file: 'product/queries/product_list', ...ofCategory },
    { name: 'how many of a category', file: 'product/queries/product_count', ...ofCategory },
  ]
}

/** A buyer with a median number of orders, and the largest category. */
export const queriesRead = async (stack: Stack): Promise<Counted[]> => {
  const [, buyer = ''] = await buyersOf(stack, 2)
  const category = await largestCategory(stack)
  const counted: Counted[] = []
  for (const query of queriesOf(buyer, category)) {
    counted.push(await read(stack.adminUrl, query, 'without'))
    counted.push(await read(databaseBeside(stack), query, 'with'))
  }
  return counted
}

const databaseBeside = ({ adminUrl }: Stack): string => {
  const url = new URL(adminUrl)
  url.pathname = `/${withIndexes}`
  return url.href
}

const largestCategory = async ({ adminUrl }: Stack): Promise<string> => {
  const sql = postgres(adminUrl, { max: 1 })
  try {
    const [row] = await sql<{ category: string }[]>`
      select category from product.products where category is not null
      group by category order by count(*) desc, category limit 1`
    return row?.category ?? ''
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const read = async (url: string, query: Query, indexes: 'with' | 'without'): Promise<Counted> => {
  const sql = postgres(url, { max: 1, connection: { search_path: query.schema } })
  try {
    return {
      kind: 'counted',
      table: 'What a query reads, with and without the indexes',
      row: `${query.name}, ${indexes}`,
      per: 1,
      plan: await secondTime(sql, query),
      also: {},
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The first execution also reads PostgreSQL's catalogue, so it does not count. */
const secondTime = async (sql: Sql, { file, given }: Query) => {
  const { text, args } = statementOf(file, given)
  await explained(sql, text, args)
  return explained(sql, text, args)
}
