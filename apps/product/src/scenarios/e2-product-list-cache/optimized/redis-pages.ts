import type { Redis } from 'ioredis'
import { PendingInvalidations } from '../../../domain/pending-invalidations.ts'

const pagesKey = 'products:list:pages'
const generationKey = 'products:list:generation'
const ttlS = 60

/** The maximum size of all pages, in bytes. A page beyond it is not stored, since Redis could only evict all pages at once. */
const bytesMax = 32 * 1_024 * 1_024

/**
 * Writes a page unless the list was invalidated since its writer read the generation. The field with
 * the empty name holds the number of written bytes.
 */
const writeIfCurrent = `
if (redis.call('get', KEYS[2]) or '0') ~= ARGV[3] then return 0 end
local bytes = #ARGV[2] + (redis.call('hget', KEYS[1], '') or 0)
if bytes > tonumber(ARGV[5]) then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2], '', bytes)
if redis.call('ttl', KEYS[1]) < 0 then redis.call('expire', KEYS[1], ARGV[4]) end
return 1`

/**
 * The pages of the list as fields of one hash, so that an owner's change invalidates them at once. Each
 * invalidation increments a generation, which rejects pages that were read before it.
 */
export class RedisPages {
  readonly #redis: Redis
  readonly #invalidations: PendingInvalidations

  constructor(redis: Redis) {
    this.#redis = redis
    this.#invalidations = new PendingInvalidations(() =>
      redis.multi().incr(generationKey).del(pagesKey).exec(),
    )
    // After a reconnect, the pages in Redis may be of any age: Redis may have restarted
    // with an old snapshot, or the previous process may have stopped with a pending invalidation.
    this.#invalidations.markDirty()
    redis.on('ready', () => this.#invalidations.markDirty())
  }

  /** @throws if Redis is unavailable, or an invalidation is still pending */
  async read(field: string): Promise<Buffer | null> {
    await this.#invalidations.flush()
    return this.#redis.hgetBuffer(pagesKey, field)
  }

  /**
   * Call it before the read from the database: the page is stored under this generation.
   * @throws if Redis is unavailable
   */
  async generation(): Promise<string> {
    return (await this.#redis.get(generationKey)) ?? '0'
  }

  async write(field: string, bytes: string | Buffer, generation: string): Promise<void> {
    const args = [field, bytes, generation, ttlS, bytesMax]
    await this.#redis.eval(writeIfCurrent, 2, pagesKey, generationKey, ...args)
  }

  /** Until it succeeds, this process uses no page. @throws if Redis is unavailable */
  invalidate(): Promise<void> {
    return this.#invalidations.invalidate()
  }
}
