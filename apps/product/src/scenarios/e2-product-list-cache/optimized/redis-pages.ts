import type { Redis } from 'ioredis'
import { PendingInvalidations } from '../../../domain/pending-invalidations.ts'

const pagesKey = 'products:list:pages'
const generationKey = 'products:list:generation'
const ttlS = 60

/** Of all pages together; one more is not kept, since Redis could only put out all of them at once. */
const bytesMax = 32 * 1_024 * 1_024

/**
 * Writes a page unless the list was cleared since its writer asked for the generation. The field
 * without a name holds how many bytes were written.
 */
const writeIfCurrent = `
if (redis.call('get', KEYS[2]) or '0') ~= ARGV[3] then return 0 end
local bytes = #ARGV[2] + (redis.call('hget', KEYS[1], '') or 0)
if bytes > tonumber(ARGV[5]) then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2], '', bytes)
if redis.call('ttl', KEYS[1]) < 0 then redis.call('expire', KEYS[1], ARGV[4]) end
return 1`

/**
 * The pages of the list as fields of one hash, so that an owner's change clears them at once. A
 * generation, counted up by each invalidation, keeps out pages that were read before it.
 */
export class RedisPages {
  readonly #redis: Redis
  readonly #invalidations: PendingInvalidations

  constructor(redis: Redis) {
    this.#redis = redis
    this.#invalidations = new PendingInvalidations(() =>
      redis.multi().incr(generationKey).del(pagesKey).exec(),
    )
    // What a Redis holds to which there was no connection may be of any age: it may have come back
    // with an old snapshot, or the process before this one may have owed it a clearing.
    this.#invalidations.markDirty()
    redis.on('ready', () => this.#invalidations.markDirty())
  }

  /** @throws where Redis does not answer, or a clearing is still owed */
  async read(field: string): Promise<Buffer | null> {
    await this.#invalidations.flush()
    return this.#redis.hgetBuffer(pagesKey, field)
  }

  /**
   * To be asked before the database is: a page read by then may be written under it.
   * @throws where Redis does not answer
   */
  async generation(): Promise<string> {
    return (await this.#redis.get(generationKey)) ?? '0'
  }

  async write(field: string, bytes: string | Buffer, generation: string): Promise<void> {
    const args = [field, bytes, generation, ttlS, bytesMax]
    await this.#redis.eval(writeIfCurrent, 2, pagesKey, generationKey, ...args)
  }

  /** Until it succeeds, this process uses no page. @throws where Redis does not answer */
  invalidate(): Promise<void> {
    return this.#invalidations.invalidate()
  }
}
