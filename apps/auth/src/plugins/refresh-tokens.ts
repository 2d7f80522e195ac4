import { randomBytes, randomUUID } from 'node:crypto'
import type { Queries, Queryable } from '@flash-deal/db'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { digestOf, successorOf } from '../domain/refresh-token.ts'
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
    /** `db` ends with the deadline of the request. */
    refreshTokens: {
      /** The first refresh token of a log-in. */
      begin(db: Queries, userId: string): Promise<string>
      /** Exchanges a valid token for its successor, the same each time; undefined for any other. */
      rotate(db: Queries, refreshToken: string): Promise<Rotated | undefined>
    }
  }
}

/**
 * Refresh tokens. Only their digests are stored, and each has one successor. If a token is used again
 * after its grace period, it or its successor was stolen, so the whole log-in is revoked.
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
 */
export const refreshTokens = fp(
  async (app: FastifyInstance, options: Lifetimes) => {
    app.decorate('refreshTokens', {
      begin: (db, userId) => db.transaction((tx) => begin(tx, userId, options)),
      rotate: (db, token) => db.transaction((tx) => rotate(tx, token, options)),
    })
  },
  { name: 'refresh-tokens', dependencies: ['database'] },
)

/** The lifetime of a token in seconds, and the grace period of a used token in milliseconds. */
type Lifetimes = { ttlS: number; graceMs: number }

const begin = async (tx: Queryable, userId: string, { ttlS }: Lifetimes): Promise<string> => {
  const familyId = randomUUID()
  const token = randomBytes(32).toString('base64url')
  await familyCreate(tx, { id: familyId, user_id: userId })
  await tokenCreate(tx, { digest: digestOf(token), family_id: familyId, ttl_s: ttlS })
  return token
}

const rotate = async (
  tx: Queryable,
  refreshToken: string,
  { ttlS, graceMs }: Lifetimes,
): Promise<Rotated | undefined> => {
  const digest = digestOf(refreshToken)
  const token = await tokenGetForUpdate(tx, { digest, grace_ms: graceMs })
  if (!token || !(await mayBeUsed(tx, token))) return undefined
  const used = await tokenUse(tx, { digest, salt: randomBytes(32) })
  if (!used) return undefined
  const successor = successorOf(refreshToken, used.salt)
  const { family_id, user_id } = token
  await tokenCreate(tx, { digest: digestOf(successor), family_id, ttl_s: ttlS })
  return { userId: user_id, refreshToken: successor }
}

const mayBeUsed = async (tx: Queryable, token: TokenGetForUpdateRow): Promise<boolean> => {
  if (token.is_revoked || token.is_expired) return false
  if (!token.is_used || token.is_grace) return true
  await familyRevoke(tx, { id: token.family_id })
  return false
}
