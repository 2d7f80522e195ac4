import { SingleFlight } from '../../domain/single-flight.ts'
import { keyOf } from './key.ts'
import { RedisPages } from './optimized/redis-pages.ts'
import type { CodedPage, ProductList, ProductListOptions } from './seam.ts'

/**
 * Cache-aside in Redis. If Redis is unavailable, the page is read from the database, and a counter
 * reports it.
 */
export const inRedis = ({ app, origin }: ProductListOptions): ProductList => {
  const hit = app.witness('E2', 'redis_hit')
  const miss = app.witness('E2', 'redis_miss')
  const away = app.witness('E2', 'redis_away')
  const flights = new SingleFlight<CodedPage>()
  const pages = new RedisPages(app.redis)
  const asAway = () => undefined

  return {
    ...origin,

    page(query, serialize) {
      const key = keyOf(query)
      const { coding } = query
      return flights.do(key, async () => {
        const kept = await pages.read(key).catch(asAway)
        if (kept) {
          hit()
          return { bytes: kept, coding }
        }
        const generation = kept === null ? await pages.generation().catch(asAway) : undefined
        if (generation === undefined) {
          away()
          return origin.page(query, serialize)
        }
        miss()
        const plain = await origin.page(query, serialize)
        const bytes = await app.cachedCodings.coded(plain.bytes, coding)
        // Not awaited: a page that could not be stored is read again.
        pages.write(key, bytes, generation).catch(() => away())
        return { bytes, coding }
      })
    },

    async invalidate() {
      flights.forget()
      await pages.invalidate().catch((err: unknown) => {
        away()
        app.log.warn(
          { err },
          'The cached product list could not be invalidated and is not used until that succeeds',
        )
      })
    },
  }
}
