import type { Redis } from 'ioredis'

const pagesKey = 'products:list:pages'
const generationKey = 'products:list:generation'
const ttlS = 60

/** Writes a page unless the list was cleared since its writer asked for the generation. */
const writeIfCurrent = `
if (redis.call('get', KEYS[2]) or '0') ~= ARGV[3] then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2])
redis.call('expire', KEYS[1], ARGV[4], 'nx')
return 1`

/**
 * The pages of the list as fields of one hash, so that an owner's change clears them at once. A
 * generation, counted up by each clearing, keeps out pages that were read before it.
 */
export class RedisPages {
  readonly #redis: Redis
  /** Clearings that were asked for, and up to which of them all is cleared. */
  #asked = 0
  #cleared = 0

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** @throws where Redis does not answer, or a clearing is still owed */
  async read(field: string): Promise<Buffer | null> {
    if (this.#cleared < this.#asked) await this.clear()
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
    await this.#redis.eval(
      writeIfCurrent,
      2,
      pagesKey,
      generationKey,
      field,
      bytes,
      generation,
      ttlS,
    )
  }

  /** Until it succeeds, this process uses no page. @throws where Redis does not answer */
  async clear(): Promise<void> {
    this.#asked += 1
    // One that succeeds settles those before it, and not one that was asked for meanwhile.
    const upTo = this.#asked
    await this.#redis.multi().incr(generationKey).del(pagesKey).exec()
    this.#cleared = Math.max(this.#cleared, upTo)
  }
}
