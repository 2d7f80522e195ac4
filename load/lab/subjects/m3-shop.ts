import { seedMany } from '@flash-deal/local/seed-many'
import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import type { Extent } from './subject.ts'

/** The database of M3 without the indexes, and a copy with them. */

const amounts = {
  full: { products: 100_000, orders: 1_000_000, users: 5_000 },
  smoke: { products: 500, orders: 5_000, users: 50 },
}

export const withIndexes = 'flash_deal_with_m3'

/** A summer within the two years of the orders. */
export const season = {
  created_from: '2026-06-01T00:00:00.000Z',
  created_to: '2026-08-31T23:59:59.999Z',
}

export const openShops = async (stack: Stack, extent: Extent): Promise<Record<string, number>> => {
  await seedMany({ adminUrl: stack.adminUrl, ...amounts[extent], seed: 7 })
  // PostgreSQL copies a database only without connections.
  const services = Object.keys(stack.addresses)
  await Promise.all(services.map((name) => stack.supervisor.stop(name)))
  await stack.copyDatabase(withIndexes, { M3: 'optimized' })
  // Restarts the product service that all arms share.
  await stack.restart('product')
  return amounts[extent]
}

/** This many users, from those with the most orders to those with the fewest. */
export const buyersOf = async ({ adminUrl }: Stack, count: number): Promise<string[]> => {
  const sql = postgres(adminUrl, { max: 1 })
  try {
    const rows = await sql<{ user_id: string }[]>`
      select (array_agg(user_id order by orders desc, user_id))[1] as user_id
      from (
        select user_id, orders, ntile(${count}) over (order by orders desc, user_id) as part
        from (
          select user_id, count(*) as orders from orders.orders
          where user_id is not null group by user_id
        ) as buyers
      ) as parts
      group by part order by part`
    return rows.map(({ user_id }) => user_id)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
