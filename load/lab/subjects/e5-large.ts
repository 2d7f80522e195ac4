import { seedMany } from '@flash-deal/local/seed-many'
import type { Stack } from '@flash-deal/local/stack'
import type { Extent } from './subject.ts'

/** A second shop with enough products that a page of its list is slow in PostgreSQL. */

export const largeShop = 'flash_deal_large'

const amounts = {
  full: { products: 100_000, orders: 0, users: 100 },
  smoke: { products: 1_000, orders: 0, users: 10 },
}

/** @returns the number of products */
export const openLargeShop = async (stack: Stack, extent: Extent): Promise<number> => {
  // PostgreSQL copies a database only without connections.
  const services = Object.keys(stack.addresses)
  await Promise.all(services.map((name) => stack.supervisor.stop(name)))
  await stack.copyDatabase(largeShop, {})
  const url = new URL(stack.adminUrl)
  url.pathname = `/${largeShop}`
  await seedMany({ adminUrl: url.href, ...amounts[extent], seed: 7 })
  return amounts[extent].products
}
