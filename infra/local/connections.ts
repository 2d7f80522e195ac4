import type { VariantOf } from '@flash-deal/config'
import { connectionsOf } from '@flash-deal/db/pool-sizes'
import { explained, urlOf } from '@flash-deal/sql'
import postgres from 'postgres'
import { PlainError } from './plain-error.ts'

/** Checks that PostgreSQL accepts as many connections as the services may open under load. */

/** auth, product and order. */
const services = 3

/**
 * The number of connections that a server has for roles other than superusers.
 * @throws MigrateError if the query fails; the message has no password
 */
export const connectionLimitOf = async (adminUrl: string): Promise<number> => {
  const sql = postgres(urlOf(adminUrl, 'postgres'), { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql<{ connections: number }[]>`
      select current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - current_setting('reserved_connections')::int as connections`
    return row?.connections ?? 0
  } catch (error) {
    throw explained(error, adminUrl)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** @throws PlainError if one instance of each service could open more than the limit */
export const checkConnections = (variant: VariantOf<'E5'>, limit: number): void => {
  const wanted = services * connectionsOf(variant)
  if (wanted <= limit) return
  throw new PlainError(
    `With SCENARIO_E5=${variant} auth, product and order may open ${wanted} connections, but PostgreSQL has ${limit} for them. Raise its max_connections, or choose a smaller pool.`,
  )
}
