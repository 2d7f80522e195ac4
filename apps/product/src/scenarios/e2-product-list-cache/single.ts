import { BoundedMap } from '../../domain/bounded-map.ts'
import { SingleFlight } from '../../domain/single-flight.ts'
import type { ProductGetRow } from '../../gen/queries.ts'
import { inMemory } from './memory.ts'
import type { ProductList, ProductListOptions } from './seam.ts'

const ttlMs = 1_000

/** Products that are kept, at most. */
const entriesMax = 1_000

type Entry = { product: ProductGetRow; freshUntil: number }

const noEntries = () => new BoundedMap<string, Entry>(entriesMax)

/** As `memory`, and each product that is asked for by itself for a second too. */
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
        // What is read before an invalidation goes into the map of before it.
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
