import { createHmac } from 'node:crypto'
import { parsePostgresAddress } from '@flash-deal/config'

export type Role = 'auth_service' | 'product_service' | 'order_service'

/** In plain; empty where the address has none. */
export const passwordOf = (url: string): string =>
  decodeURIComponent(parsePostgresAddress(url)?.password ?? '')

/**
 * The address of a service's own role. Roles belong to the whole server: all who share one (two
 * copies, test files in parallel) must come to the same passwords, hence from a secret that all of
 * them know, the administrator's password.
 */
export const roleUrl = (
  role: Role,
  { adminUrl, database, secret }: { adminUrl: string; database: string; secret?: string },
): string => {
  const url = new URL(adminUrl)
  const key = secret ?? passwordOf(adminUrl)
  url.username = role
  url.password = createHmac('sha256', key).update(`flash-deal ${role}`).digest('base64url')
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}
