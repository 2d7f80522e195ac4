import type { Redis } from 'ioredis'
import { Clearings } from '../../domain/clearings.ts'

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
  readonly #clearings: Clearings

  constructor(redis: Redis) {
    this.#redis = redis
    this.#clearings = new Clearings(() => redis.multi().incr(generationKey).del(pagesKey).exec())
  }

  /** @throws where Redis does not answer, or a clearing is still owed */
  async read(field: string): Promise<Buffer | null> {
    await this.#clearings.settle()
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
  clear(): Promise<void> {
    return this.#clearings.clear()
  }
}
