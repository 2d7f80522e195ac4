import type { FastifyInstance } from 'fastify'
import { PendingInvalidations } from '../../domain/pending-invalidations.ts'
import { pageFrom, textFrom } from './optimized/page-text.ts'
import { cachedDealList } from './page-cache.ts'
import type { PageStore } from './page-store.ts'
import type { DealList } from './seam.ts'

const generationKey = 'deals:list:generation'
const keyOf = (slot: 'now' | 'next', key: string): string => `deals:list:${slot}:${key}`

/** Longer than a page is valid; the page carries its own period. */
const ttlMs = 5_000

/** Caches pages in Redis, for all processes. */
export const inRedis = (app: FastifyInstance): DealList =>
  cachedDealList(app, 'redis', pagesInRedis(app))

/**
 * If Redis is unavailable, the page is read from the database, and a counter reports it. A page that
 * was stored under an older generation is ignored.
 */
const pagesInRedis = ({ redis, log, witness }: FastifyInstance): PageStore => {
  const away = witness('E3', 'redis_away')
  const invalidations = new PendingInvalidations(() => redis.incr(generationKey))
  const asAway = () => {
    away()
    return undefined
  }
  const read = async (key: string) => {
    await invalidations.flush()
    const keys = [generationKey, keyOf('now', key), keyOf('next', key)]
    const [count, now, next] = await redis.mgetBuffer(keys)
    const generation = String(count ?? '0')
    return { generation, now: pageFrom(now, generation), next: pageFrom(next, generation) }
  }

  return {
    read: (key) => read(key).catch(asAway),

    generation: () => redis.get(generationKey).then((count) => count ?? '0', asAway),

    async write(key, slot, page, generation) {
      const text = textFrom(page, generation)
      await redis.set(keyOf(slot, key), text, 'PX', ttlMs).catch(asAway)
    },

    async invalidate() {
      await invalidations.invalidate().catch((err: unknown) => {
        away()
        log.warn(
          { err },
          'The cached deal list could not be invalidated and is not used until that succeeds',
        )
      })
    },
  }
}
