import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { VerifiedToken } from '../../m6-local-verify/seam.ts'

type Redis = FastifyInstance['redis']

export type RedisTokensOptions = {
  redis: Redis
  /** What all gateways know, and Redis does not. */
  internalKey: string
}

/** Seconds; the longest life that an access token may be given. */
const keptForMax = 86_400

/**
 * Verified tokens in Redis, by digest. Each is sealed with a key that Redis does not know, together
 * with its digest: who can write there cannot make himself somebody else.
 */
export class RedisTokens {
  readonly #redis: Redis
  readonly #sealKey: Buffer

  constructor({ redis, internalKey }: RedisTokensOptions) {
    this.#redis = redis
    this.#sealKey = createHmac('sha256', internalKey).update('m2-token-cache').digest()
  }

  /** Undefined where there is none that this gateway or another one has kept. Rejects as Redis does. */
  async read(digest: string): Promise<VerifiedToken | undefined> {
    const text = await this.#redis.get(keyOf(digest))
    const [, content = '', seal = ''] = /^(.*) (.*)$/.exec(text ?? '') ?? []
    return this.#isSealed(digest, content, seal) ? tokenFrom(content) : undefined
  }

  async write(digest: string, { userId, expiresAtMs, kid }: VerifiedToken): Promise<void> {
    const content = `${userId} ${expiresAtMs} ${kid}`
    const leftS = Math.ceil((expiresAtMs - Date.now()) / 1_000)
    const text = `${content} ${this.#seal(digest, content)}`
    await this.#redis.set(keyOf(digest), text, 'EX', Math.min(Math.max(leftS, 1), keptForMax))
  }

  #seal(digest: string, content: string): string {
    return createHmac('sha256', this.#sealKey).update(`${digest} ${content}`).digest('base64url')
  }

  #isSealed(digest: string, content: string, seal: string): boolean {
    const right = Buffer.from(this.#seal(digest, content))
    const given = Buffer.from(seal)
    return given.length === right.length && timingSafeEqual(given, right)
  }
}

const keyOf = (digest: string): string => `token:${digest}`

/** Only ever read from what was sealed here. A key id may hold spaces. */
const tokenFrom = (content: string): VerifiedToken => {
  const [userId = '', expiresAt = '', ...kid] = content.split(' ')
  return { userId, expiresAtMs: Number(expiresAt), kid: kid.join(' ') }
}
