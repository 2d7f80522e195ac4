import { RecentlyUsed } from '@flash-deal/service'
import { SingleFlight } from '../../domain/single-flight.ts'
import { keyOf } from './key.ts'
import type { CodedPage, ProductList, ProductListOptions } from './seam.ts'

const ttlMs = 1_000

/** The maximum size of the cache, in bytes; the least recently used page is evicted first. */
const bytesMax = 32 * 1_024 * 1_024

/** The approximate overhead of an entry beside its page, in bytes. */
const entryBytes = 1_024

type Entry = CodedPage & { freshUntil: number }

const bytesIn = ({ bytes }: Entry): number => entryBytes + Buffer.byteLength(bytes)

const noEntries = () => new RecentlyUsed<string, Entry>(bytesMax, bytesIn)

/** Cache-aside in the process: caches the bytes of each page for one second. */
export const inMemory = ({ app, origin }: ProductListOptions): ProductList => {
  const hit = app.witness('E2', 'memory_hit')
  const miss = app.witness('E2', 'memory_miss')
  const flights = new SingleFlight<CodedPage>()
  let entries = noEntries()

  return {
    ...origin,

    async page(query, serialize) {
      const key = keyOf(query)
      const entry = entries.get(key)
      if (entry && entry.freshUntil > performance.now()) {
        hit()
        return entry
      }
      return flights.do(key, async () => {
        miss()
        // A page that was read before an invalidation is stored in the previous map.
        const current = entries
        const plain = Buffer.from((await origin.page(query, serialize)).bytes)
        const { coding } = query
        const bytes = await app.cachedCodings.coded(plain, coding)
        current.set(key, { bytes, coding, freshUntil: performance.now() + ttlMs })
        return { bytes, coding }
      })
    },

    async invalidate() {
      entries = noEntries()
      flights.forget()
    },
  }
}
