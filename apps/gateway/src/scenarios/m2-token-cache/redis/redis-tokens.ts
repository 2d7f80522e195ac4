import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { VerifiedToken } from '../../m6-local-verify/seam.ts'

type Redis = FastifyInstance['redis']

export type RedisTokensOptions = {
  redis: Redis
  /** A secret of all gateways that Redis does not have. */
  internalKey: string
}

/** The maximum lifetime of an access token, in seconds. */
const keptForMax = 86_400

/**
 * Verified tokens in Redis, by digest. Each entry is sealed together with its digest, with a key that
 * Redis does not have: write access to Redis is not enough to act as another user.
 */
export class RedisTokens {
  readonly #redis: Redis
  readonly #sealKey: Buffer

  constructor({ redis, internalKey }: RedisTokensOptions) {
    this.#redis = redis
    this.#sealKey = createHmac('sha256', internalKey).update('m2-token-cache').digest()
  }

  /** Undefined if no gateway has stored the token. Rejects as Redis does. */
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

/** Parses only sealed content. A key id may contain spaces. */
const tokenFrom = (content: string): VerifiedToken => {
  const [userId = '', expiresAt = '', ...kid] = content.split(' ')
  return { userId, expiresAtMs: Number(expiresAt), kid: kid.join(' ') }
}
