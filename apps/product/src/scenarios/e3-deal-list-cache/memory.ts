import { RecentlyUsed } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { cachedDealList } from './page-cache.ts'
import type { CachedPage, PageStore } from './page-store.ts'
import type { DealList } from './seam.ts'

/** The maximum size of the cache, in bytes: a page has up to a hundred deals with their descriptions. */
const bytesMax = 32 * 1_024 * 1_024

/** The approximate overhead of an entry beside its pages, in bytes. */
const entryBytes = 1_024

/** Caches the bytes of each page in the process. */
export const inMemory = (app: FastifyInstance): DealList =>
  cachedDealList(app, 'memory', pagesInMemory())

type Slots = { now?: CachedPage; next?: CachedPage }

const bytesIn = ({ now, next }: Slots): number =>
  entryBytes + (now?.bytes.length ?? 0) + (next?.bytes.length ?? 0)

/** Evicts the least recently used entry. */
export const pagesInMemory = (): PageStore => {
  const slots = new RecentlyUsed<string, Slots>(bytesMax, bytesIn)
  let generation = 0
  return {
    async read(key) {
      const { now, next } = slots.get(key) ?? {}
      return { generation: String(generation), now, next }
    },

    async generation() {
      return String(generation)
    },

    async write(key, slot, page, read) {
      const bytes = Buffer.from(page.bytes)
      if (read === String(generation))
        slots.set(key, { ...slots.get(key), [slot]: { ...page, bytes } })
    },

    async invalidate() {
      generation += 1
      slots.clear()
    },
  }
}
