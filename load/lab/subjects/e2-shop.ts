import { seedMany } from '@flash-deal/local/seed-many'
import postgres from 'postgres'
import { e2 } from './e2.ts'
import { pageAt } from './product-pages.ts'
import type { Extent, Subject } from './subject.ts'

/**
 * E2 with the load of a shop: thousands of pages of the list and of its categories, in a Zipf
 * distribution. The verdict depends on the hit ratio, which the counts show.
 */

const productCounts = { full: 40_000, smoke: 500 }
const pageSize = 20

/** Numbers of pages of the whole list, and of each category. */
const pages = { full: { list: 1_000, category: 200 }, smoke: { list: 5, category: 2 } }

/** Breslau and others found 0.64 to 0.83 for web pages (INFOCOM 1999); rounded up for a shop. */
const exponent = 0.9

export const e2Shop: Subject = {
  ...e2,
  name: 'e2-shop',
  targets: [],
  question:
    'the effect of a cache of the product list, with thousands of pages in a Zipf distribution',
  connections: 64,
  zipf: exponent,
  onlyReads: true,

  async prepare({ adminUrl }, extent) {
    const products = productCounts[extent]
    await seedMany({ adminUrl, products, orders: 0, users: 100, seed: 7 })
    return {
      products,
      'rows a page': pageSize,
      'pages asked for': (await pathsIn(adminUrl, extent)).length,
    }
  },

  async templates(address, { adminUrl }, extent) {
    const templates = []
    for (const path of await pathsIn(adminUrl, extent)) templates.push(await pageAt(address, path))
    return templates
  },
}

/** In the order of popularity: the n-th page of the list, then the n-th page of each category. */
const pathsIn = async (adminUrl: string, extent: Extent): Promise<string[]> => {
  const { list, category } = pages[extent]
  const categories = await categoriesIn(adminUrl)
  const size = `size=${pageSize}`
  return Array.from({ length: list }, (_, at) => at + 1).flatMap((page) => [
    `/products?page=${page}&${size}`,
    ...categories
      .filter((each) => page <= category && (page - 1) * pageSize < each.products)
      .map(({ name }) => `/products?category=${encodeURIComponent(name)}&page=${page}&${size}`),
  ])
}

const categoriesIn = async (adminUrl: string): Promise<{ name: string; products: number }[]> => {
  const sql = postgres(adminUrl, { max: 1 })
  try {
    return await sql<{ name: string; products: number }[]>`
      select category as name, count(*)::int as products from product.products
      where category is not null group by category order by category`
  } finally {
    await sql.end({ timeout: 1 })
  }
}
