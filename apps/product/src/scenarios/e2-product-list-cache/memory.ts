import { BoundedMap } from '../../domain/bounded-map.ts'
import { SingleFlight } from '../../domain/single-flight.ts'
import { keyOf } from './key.ts'
import type { CodedPage, ProductList, ProductListOptions } from './seam.ts'

const ttlMs = 1_000

/** Bytes that are kept, at most; the oldest page goes first. */
const bytesMax = 32 * 1_024 * 1_024

/** What an entry takes beside its page, about; an empty page is small. */
const entryBytes = 1_024

type Entry = CodedPage & { freshUntil: number }

const bytesIn = ({ bytes }: Entry): number => entryBytes + Buffer.byteLength(bytes)

const noEntries = () => new BoundedMap<string, Entry>(bytesMax, bytesIn)

/** Cache-aside in the process: the bytes of each page for a second. */
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
        // What is read before an invalidation goes into the map of before it.
        const current = entries
        const plain = Buffer.from((await origin.page(query, serialize)).bytes)
        const { coding } = query
        const bytes = await app.keptCodings.coded(plain, coding)
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
