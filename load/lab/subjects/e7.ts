import { seedMany } from '@flash-deal/local/seed-many'
import type { Template } from '../generator/protocol.ts'
import { deepPagesRead } from './e7-depth.ts'
import { totalsShown } from './e7-totals.ts'
import type { Subject } from './subject.ts'

const productCounts = { full: 1_000_000, smoke: 5_000 }
const pageSize = 20

/** The requested pages. */
const pageCount = 10

/** E7: the total of the product list with a large catalogue. */
export const e7: Subject = {
  id: 'E7',
  name: 'e7',
  targets: [{ variant: 'optimized', atLeast: 0.95, of: 'ceiling' }],
  question: 'the cost of the total in a page of 20 of 1,000,000 products',
  // Counting a million rows takes 100 ms.
  warmRequests: 1_000,
  operations: ['listProducts'],
  services: ['product'],
  // Counting a million rows takes 100 ms of a core: with more clients most of a slice would be its
  // end, when the last responses arrive one after the other.
  connections: 2,
  blocks: 2,
  witness: {
    baseline: ['counted'],
    optimized: ['remembered'],
    estimate: ['estimated'],
  },
  ceiling: {
    what: 'the baseline without the count',
    plant: 'no-count.ts',
  },
  onlyReads: true,
  comesToRest: true,

  async prepare({ adminUrl }, extent) {
    const products = productCounts[extent]
    await seedMany({ adminUrl, products, orders: 0, users: 100, seed: 7 })
    return { products, 'rows a page': pageSize, 'pages asked for': pageCount }
  },

  count: async (stack, extent) => [
    ...(await totalsShown(stack, extent)),
    ...(await deepPagesRead(stack, extent)),
  ],

  templates: (address) =>
    Promise.all(
      Array.from({ length: pageCount }, (_, index) =>
        pageWithAnyTotal(address, `/products?page=${index + 1}&size=${pageSize}`),
      ),
    ),
}

/** The products must be identical; only the totals may differ between variants. */
const pageWithAnyTotal = async (address: string, path: string): Promise<Template> => {
  const body = await (await fetch(address + path)).text()
  const contains = JSON.stringify((JSON.parse(body) as { items: unknown[] }).items)
  if (!body.includes(contains)) throw new Error(`${path} serializes its products differently.`)
  const wire = `GET ${path} HTTP/1.1\r\nhost: lab\r\naccept: application/json\r\n\r\n`
  return { wire, status: 200, contains }
}
