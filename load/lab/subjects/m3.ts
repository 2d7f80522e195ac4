import { asUser } from './as-user.ts'
import { pageAt } from './listed.ts'
import { indexesCost } from './m3-price.ts'
import { queriesRead } from './m3-queries.ts'
import { buyersOf, openShops, season, withIndexes } from './m3-shop.ts'
import type { Subject } from './subject.ts'

const buyerCount = 20
const pageSize = 20

/** M3: buyers look for orders of theirs, in a shop that has taken a million. */
export const m3: Subject = {
  id: 'M3',
  name: 'm3',
  question: 'what indexes are worth to who looks for orders of a status and a time among 1,000,000',
  // Without indexes a page takes a third of a second.
  warmRequests: 300,
  operations: ['listMyOrders'],
  services: ['order'],
  // It does not answer anything here, but order is not ready without it.
  shared: ['product'],
  // Without indexes a page takes a third of a second of a core: with more clients, or in a shorter
  // slice, much of it would be its end, when one after the other gets the last answer.
  connections: 2,
  sliceMs: 3_000,
  blocks: 2,
  // PostgreSQL tells its counts up to a second late. /health looks into the catalogue, and the
  // buffers of a request tell what was read.
  witness: { baseline: [], optimized: [] },
  ceiling: {
    what: 'a bare Fastify route that asks PostgreSQL, with the indexes, one statement for orders and items, and answers the bytes that it has in memory',
    program: 'one-statement.ts',
  },
  // The indexes stand in the database, so those who have them use one of their own.
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
    // One after the other: without indexes each takes its time.
    const templates = []
    for (const [index, buyer] of buyers.entries()) {
      const path = paths[index % paths.length] ?? ''
      templates.push(await pageAt(address, path, asUser(buyer, stack)))
    }
    return templates
  },
}
