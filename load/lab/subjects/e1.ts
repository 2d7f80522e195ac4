import { randomUUID } from 'node:crypto'
import { seedMany } from '@flash-deal/local/seed-many'
import postgres from 'postgres'
import { asUser } from './as-user.ts'
import { idsWritten } from './e1-ids.ts'
import { postOf } from './post-request.ts'
import { productNo } from './product-pages.ts'
import type { Subject } from './subject.ts'

const productCounts = { full: 1_000_000, smoke: 5_000 }

/** The owner of all products of the load. */
const seller = randomUUID()

/**
 * Removes all effects of the previous load, including split index pages. Foreign keys are not checked:
 * these products have no deals, and the checks would take a minute.
 */
const takenBack = `
  set session_replication_role to replica;
  delete from product.products where owner_id = '${seller}';
  reindex index product.products_pkey;
  vacuum (analyze) product.products;
  checkpoint`

/** E1: sellers create many products. */
export const e1: Subject = {
  id: 'E1',
  name: 'e1',
  question: 'the effect of ascending ids on inserts into 1,000,000 products',
  operations: ['createProduct'],
  services: ['product'],
  connections: 16,
  blocks: 4,
  statuses: ['201'],
  witness: {
    baseline: ['version_4'],
    optimized: ['version_7'],
  },
  ceiling: {
    what: 'a bare Fastify route that validates the same body and sends the same response without storing',
    program: 'validate-only.ts',
  },
  comesToRest: true,

  async prepare({ adminUrl }, extent) {
    const products = productCounts[extent]
    await seedMany({ adminUrl, products, orders: 0, users: 100, seed: 7 })
    return { products }
  },

  count: idsWritten,

  async reset({ adminUrl }) {
    const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
    try {
      for (const statement of takenBack.split(';')) await sql.unsafe(statement)
    } finally {
      await sql.end({ timeout: 1 })
    }
  },

  templates: async (_, stack) =>
    Array.from({ length: 100 }, (_, index) => {
      const body = productNo(index)
      const wire = postOf('/products', asUser(seller, stack), body)
      return { wire, status: 201, contains: '"stock":100' }
    }),
}
