import { createClient } from '@flash-deal/local/api-client'
import { createProducts, pageAt } from './product-pages.ts'
import type { Subject } from './subject.ts'

const productCounts = { full: 1_000, smoke: 200 }
const pageSize = 20

/** The pages that buyers look at; the first fifth of the list. */
const pageCount = 10

/** E2: a list of products, read far more often than it changes. */
export const e2: Subject = {
  id: 'E2',
  name: 'e2',
  targets: [
    { variant: 'optimized', atLeast: 0.6, of: 'ceiling' },
    { variant: 'memory', atLeast: 0.9, of: 'ceiling' },
  ],
  question: 'what a cache of the product list is worth, where 20 of 1,000 products are listed',
  operations: ['listProducts'],
  services: ['product'],
  connections: 16,
  witness: {
    baseline: ['database'],
    optimized: ['redis_hit'],
    memory: ['memory_hit'],
    single: ['memory_hit'],
  },
  ceiling: {
    what: 'a bare Fastify route that answers the same bytes from its memory',
    program: 'same-bytes.ts',
  },
  onlyReads: true,
  comesToRest: true,

  async prepare({ url }, extent) {
    const productCount = productCounts[extent]
    await createProducts(url, productCount)
    return { products: productCount, 'rows a page': pageSize, 'pages asked for': pageCount }
  },

  templates: (address) =>
    Promise.all(
      Array.from({ length: pageCount }, (_, index) =>
        pageAt(address, `/products?page=${index + 1}&size=${pageSize}`),
      ),
    ),
}

/** E2 too: a single product. */
export const e2Single: Subject = {
  ...e2,
  name: 'e2-single',
  operations: ['getProduct'],
  targets: [],
  question: 'what it is worth to keep single products, where 10 of 1,000 are looked at',
  witness: { baseline: [], optimized: [], memory: [], single: ['product_hit'] },

  templates: async (address) => {
    const path = `/products?size=${pageCount}`
    const { body } = await createClient(address)<{ items: { id: string }[] }>(path)
    return Promise.all(body.items.map(({ id }) => pageAt(address, `/products/${id}`)))
  },
}
