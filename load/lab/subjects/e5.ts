import { createClient } from '@flash-deal/local/api-client'
import type { Template } from '../generator/protocol.ts'
import { edgesSeen } from './e5-edges.ts'
import { openLargeShop } from './e5-large.ts'
import { createProducts, pageAt } from './product-pages.ts'
import type { Subject } from './subject.ts'

const productCounts = { full: 1_000, smoke: 100 }
const pageSize = 20

/** Quick statements for each slow one. */
const productsToAPage = 9
const pageCount = 4

const sizes = [1, 2, 4, 8, 16, 32, 64]

/** E5: products and pages of the list from PostgreSQL, without a cache. */
export const e5: Subject = {
  id: 'E5',
  name: 'e5',
  question:
    'the effect of the number of connections; nine of ten requests read a product, the tenth a page of 1,000',
  operations: ['getProduct', 'listProducts'],
  services: ['product'],
  connections: 64,
  // Fewer blocks, because with eight variants a restart would take a quarter of an hour.
  blocks: 2,
  witness: {
    baseline: ['quick_pool_of_10'],
    optimized: ['quick_pool_of_4', 'slow_pool_of_4'],
    ...Object.fromEntries(sizes.map((size) => [size, [`quick_pool_of_${size}`]])),
  },
  scale: {
    what: 'connections in the pool',
    at: { baseline: 10, ...Object.fromEntries(sizes.map((size) => [size, size])) },
  },
  ceiling: {
    what: 'a bare Fastify route that sends the same bytes from memory',
    program: 'same-bytes.ts',
  },
  onlyReads: true,
  comesToRest: true,

  async prepare(stack, extent) {
    const productCount = productCounts[extent]
    await createProducts(stack.url, productCount)
    return {
      products: productCount,
      'products of the large shop': await openLargeShop(stack, extent),
      'rows a page': pageSize,
      'products to a page': productsToAPage,
    }
  },

  count: (stack, extent) => edgesSeen(stack, extent, templatesAt),

  templates: (address) => templatesAt(address),
}

const templatesAt = async (address: string): Promise<Template[]> => {
  const pages = Array.from({ length: pageCount }, (_, page) => roundAt(address, page + 1))
  return (await Promise.all(pages)).flat()
}

/** A page of the list, and some of its products. */
const roundAt = async (address: string, page: number): Promise<Template[]> => {
  const path = `/products?page=${page}&size=${pageSize}`
  const { body } = await createClient(address)<{ items: { id: string }[] }>(path)
  const paths = body.items.slice(0, productsToAPage).map(({ id }) => `/products/${id}`)
  return Promise.all([path, ...paths].map((each) => pageAt(address, each)))
}
