import { createHmac } from 'node:crypto'
import { parsePostgresAddress } from '@flash-deal/config'

export type Role = 'auth_service' | 'product_service' | 'order_service'

/** The decoded password of a URL; empty if it has none. */
export const passwordOf = (url: string): string =>
  decodeURIComponent(parsePostgresAddress(url)?.password ?? '')

/**
 * The URL of a service's role. Roles belong to the whole server, so all processes that share a server
 * (two copies, parallel test files) must use the same passwords. These are derived from a secret that
 * all of them know: the password of the administrator.
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
