import type { FastifyInstance } from 'fastify'
import { PendingInvalidations } from '../../domain/pending-invalidations.ts'
import { cached } from './cached.ts'
import type { KeptPages } from './kept-pages.ts'
import { pageFrom, textFrom } from './optimized/page-text.ts'
import type { DealList } from './seam.ts'

const generationKey = 'deals:list:generation'
const keyOf = (slot: 'now' | 'next', key: string): string => `deals:list:${slot}:${key}`

/** Longer than a page is right; it says itself for how long it is. */
const ttlMs = 5_000

/** In Redis, for all processes. */
export const inRedis = (app: FastifyInstance): DealList => cached(app, 'redis', pagesInRedis(app))

/**
 * Redis is never the truth: where it does not answer, the database is asked, and a counter says so.
 * A page that was kept under another generation than the present one counts for nothing.
 */
const pagesInRedis = ({ redis, log, witness }: FastifyInstance): KeptPages => {
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
