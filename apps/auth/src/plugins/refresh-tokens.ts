import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Queryable } from '@flash-deal/db'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  familyCreate,
  familyRevoke,
  type TokenGetForUpdateRow,
  tokenCreate,
  tokenGetForUpdate,
  tokenUse,
} from '../gen/queries.ts'

export type Rotated = { userId: string; refreshToken: string }

declare module 'fastify' {
  interface FastifyInstance {
    refreshTokens: {
      /** The first refresh token of a log-in. */
      begin(userId: string): Promise<string>
      /** The next one for a token that may still be used; else undefined. */
      rotate(refreshToken: string): Promise<Rotated | undefined>
    }
  }
}

/**
 * Refresh tokens: random, kept as digests, each used once. A token that is used again after its
 * time of grace was stolen, or its successor was: the whole log-in ends.
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
 */
export const refreshTokens = fp(
  async (app: FastifyInstance, options: { ttlS: number; graceMs: number }) => {
    const { ttlS, graceMs } = options
    app.decorate('refreshTokens', {
      begin: (userId: string) =>
        app.db.transaction(async (tx) => {
          const familyId = randomUUID()
          await familyCreate(tx, { id: familyId, user_id: userId })
          return addToken(tx, familyId, ttlS)
        }),
      rotate: (refreshToken: string) =>
        app.db.transaction(async (tx) => {
          const digest = digestOf(refreshToken)
          const token = await tokenGetForUpdate(tx, { digest, grace_ms: graceMs })
          if (!token || !(await mayBeUsed(tx, token))) return undefined
          await tokenUse(tx, { digest })
          return { userId: token.user_id, refreshToken: await addToken(tx, token.family_id, ttlS) }
        }),
    })
  },
  { name: 'refresh-tokens', dependencies: ['database'] },
)

const mayBeUsed = async (tx: Queryable, token: TokenGetForUpdateRow): Promise<boolean> => {
  if (token.is_revoked || token.is_expired) return false
  if (!token.is_used || token.is_grace) return true
  await familyRevoke(tx, { id: token.family_id })
  return false
}

const addToken = async (tx: Queryable, familyId: string, ttlS: number): Promise<string> => {
  const refreshToken = randomBytes(32).toString('base64url')
  await tokenCreate(tx, { digest: digestOf(refreshToken), family_id: familyId, ttl_s: ttlS })
  return refreshToken
}

const digestOf = (refreshToken: string): Buffer =>
  createHash('sha256').update(refreshToken).digest()
