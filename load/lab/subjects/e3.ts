import { createClient } from '@flash-deal/local/api-client'
import { logIn } from './account.ts'
import { openingsSeen } from './e3-opening.ts'
import { pageAt, productNo } from './product-pages.ts'
import type { Subject } from './subject.ts'

const dealCount = 100
const pageSize = 20
const pageCount = dealCount / pageSize
const hourMs = 3_600_000

/** E3: the list of active deals. */
export const e3: Subject = {
  id: 'E3',
  name: 'e3',
  question: 'the effect of a cache of the deal list, with pages of 20 of 100 open deals',
  // The first page is the most popular one.
  zipf: 1,
  operations: ['listActiveDeals'],
  services: ['product'],
  connections: 16,
  blocks: 4,
  witness: {
    baseline: ['database'],
    optimized: ['redis_hit'],
    memory: ['memory_hit'],
  },
  ceiling: {
    what: 'a bare Fastify route that sends the same bytes from memory',
    program: 'same-bytes.ts',
  },
  comesToRest: true,

  async prepare({ url }) {
    const api = createClient(url)
    const token = await logIn(api)
    for (let index = 0; index < dealCount; index += 1) {
      const { id } = (await api<{ id: string }>('/products', { body: productNo(index), token }))
        .body
      await api('/products/deals', { body: dealOf(id, index), token })
    }
    return { deals: dealCount, 'rows a page': pageSize, 'pages asked for': pageCount }
  },

  count: openingsSeen,

  templates: (address) =>
    Promise.all(
      Array.from({ length: pageCount }, (_, index) =>
        pageAt(address, `/products/deals?page=${index + 1}&size=${pageSize}`),
      ),
    ),
}

/** Open for longer than a run. */
const dealOf = (product_id: string, index: number) => ({
  product_id,
  deal_price: 500 + index,
  deal_stock: 100,
  starts_at: new Date(Date.now() - hourMs).toISOString(),
  ends_at: new Date(Date.now() + 10 * hourMs).toISOString(),
})
