import { RecentlyUsed } from '@flash-deal/service'
import { SingleFlight } from '../../domain/single-flight.ts'
import type { ProductGetRow } from '../../gen/queries.ts'
import { inMemory } from './memory.ts'
import type { ProductList, ProductListOptions } from './seam.ts'

const ttlMs = 1_000

/** The maximum number of cached products. */
const entriesMax = 1_000

type Entry = { product: ProductGetRow; freshUntil: number }

const noEntries = () => new RecentlyUsed<string, Entry>(entriesMax)

/** As `memory`, and caches each single product for one second too. */
export const withSingles = (options: ProductListOptions): ProductList => {
  const { app, origin } = options
  const hit = app.witness('E2', 'product_hit')
  const miss = app.witness('E2', 'product_miss')
  const list = inMemory(options)
  const flights = new SingleFlight<ProductGetRow | undefined>()
  let entries = noEntries()

  return {
    ...list,

    async product(id) {
      const entry = entries.get(id)
      if (entry && entry.freshUntil > performance.now()) {
        hit()
        return entry.product
      }
      return flights.do(id, async () => {
        miss()
        // A product that was read before an invalidation is stored in the previous map.
        const current = entries
        const product = await origin.product(id)
        if (product) current.set(id, { product, freshUntil: performance.now() + ttlMs })
        return product
      })
    },

    async invalidate() {
      entries = noEntries()
      flights.forget()
      await list.invalidate()
    },
  }
}
