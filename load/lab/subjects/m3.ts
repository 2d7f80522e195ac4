import { asUser } from './as-user.ts'
import { indexesCost } from './m3-price.ts'
import { queriesRead } from './m3-queries.ts'
import { buyersOf, openShops, season, withIndexes } from './m3-shop.ts'
import { pageAt } from './product-pages.ts'
import type { Subject } from './subject.ts'

const buyerCount = 20
const pageSize = 20

/** M3: buyers filter their orders, with a million orders in total. */
export const m3: Subject = {
  id: 'M3',
  name: 'm3',
  question: 'the effect of indexes on queries for orders by status and time among 1,000,000',
  // Without indexes a page takes 300 ms.
  warmRequests: 300,
  operations: ['listMyOrders'],
  services: ['order'],
  // It serves no requests here, but order is not ready without it.
  shared: ['product'],
  // Without indexes a page takes 300 ms of a core: with more clients or shorter slices, most of a
  // slice would be its end, when the last responses arrive one after the other.
  connections: 2,
  sliceMs: 3_000,
  blocks: 2,
  // PostgreSQL's counters have a delay of up to a second. /health reads the catalogue, and the buffers
  // of a request show what was read.
  witness: { baseline: [], optimized: [] },
  ceiling: {
    what: 'a bare Fastify route that runs one statement for orders and items in PostgreSQL, with the indexes, and sends bytes from memory',
    program: 'one-statement.ts',
  },
  // The indexes are in the database, so arms with indexes use a separate database.
  environment: ({ scenarios }, stack) =>
    scenarios.M3 === 'baseline' ? {} : stack.settingsFor(withIndexes),
  onlyReads: true,
  comesToRest: true,

  prepare: openShops,

  count: async (stack, extent) => [
    ...(await queriesRead(stack)),
    ...(await indexesCost(stack, extent)),
  ],

  templates: async (address, stack) => {
    const { created_from, created_to } = season
    const filter = `created_from=${created_from}&created_to=${created_to}`
    const queries = ['', '&status=delivered', '&status=cancelled', `&${filter}`]
    const paths = queries.map((query) => `/orders?size=${pageSize}${query}`)
    const buyers = await buyersOf(stack, buyerCount)
    // Sequentially, because without indexes each is slow.
    const templates = []
    for (const [index, buyer] of buyers.entries()) {
      const path = paths[index % paths.length] ?? ''
      templates.push(await pageAt(address, path, asUser(buyer, stack)))
    }
    return templates
  },
}
