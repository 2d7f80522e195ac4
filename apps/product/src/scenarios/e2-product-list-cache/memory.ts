import { SingleFlight } from '../../domain/single-flight.ts'
import { keyOf } from './key.ts'
import type { ProductList, ProductListOptions } from './plugin.ts'

const ttlMs = 1_000

/** Pages kept at most; the oldest goes first. */
const entriesMax = 1_000

type Entry = { bytes: Buffer; freshUntil: number }

/** Cache-aside in the process: the bytes of each page for a second. */
export const inMemory = ({ app, origin }: ProductListOptions): ProductList => {
  const hit = app.witness('E2', 'memory_hit')
  const miss = app.witness('E2', 'memory_miss')
  const flights = new SingleFlight<Buffer>()
  let entries = new Map<string, Entry>()

  return {
    async page(query, serialize) {
      const key = keyOf(query)
      const entry = entries.get(key)
      if (entry && entry.freshUntil > performance.now()) {
        hit()
        return entry.bytes
      }
      return flights.do(key, async () => {
        miss()
        // What is read before an invalidation goes into the map of before it.
        const current = entries
        const bytes = Buffer.from(await origin.page(query, serialize))
        store(current, key, bytes)
        return bytes
      })
    },

    async invalidate() {
      entries = new Map()
      flights.forget()
    },
  }
}

const store = (entries: Map<string, Entry>, key: string, bytes: Buffer): void => {
  entries.delete(key)
  entries.set(key, { bytes, freshUntil: performance.now() + ttlMs })
  const [oldest] = entries.keys()
  if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest)
}
