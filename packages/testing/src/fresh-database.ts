import { randomBytes } from 'node:crypto'
import type { Scenarios } from '@flash-deal/config'
import { copyDatabase, dropDatabase, migrate, type Role, roleUrl } from '@flash-deal/sql'
import { servers } from './servers.ts'

/** A new migrated database, and its URL for each service. */
export type FreshDatabase = {
  name: string
  adminUrl: string
  /** The URLs by setting: `AUTH_DATABASE_URL` and so on. */
  urls: Record<'AUTH_DATABASE_URL' | 'PRODUCT_DATABASE_URL' | 'ORDER_DATABASE_URL', string>
  /** Switches the variants of the scenarios that are part of the database. */
  switchTo(scenarios: Partial<Scenarios>): Promise<void>
  drop(): Promise<void>
}

/** @param pooledTimeoutMs as in `migrate`, for services behind a pooler */
export const freshDatabase = async (
  scenarios: Partial<Scenarios> = {},
  pooledTimeoutMs?: number,
): Promise<FreshDatabase> => {
  const { databaseUrl: serverUrl, templateDatabase: template } = servers()
  const database = `test_${randomBytes(6).toString('hex')}`
  const pooled = pooledTimeoutMs === undefined ? {} : { pooledTimeoutMs }
  if (template === undefined || pooledTimeoutMs !== undefined)
    await migrate({ adminUrl: serverUrl, database, scenarios, ...pooled })
  else await copyDatabase({ adminUrl: serverUrl, template, database, scenarios })
  const adminUrl = new URL(serverUrl)
  adminUrl.pathname = `/${database}`
  const urlAs = (role: Role) => roleUrl(role, { adminUrl: serverUrl, database })
  return {
    name: database,
    adminUrl: adminUrl.href,
    urls: {
      AUTH_DATABASE_URL: urlAs('auth_service'),
      PRODUCT_DATABASE_URL: urlAs('product_service'),
      ORDER_DATABASE_URL: urlAs('order_service'),
    },
    switchTo: (others) => migrate({ adminUrl: serverUrl, database, scenarios: others, ...pooled }),
    drop: () => dropDatabase(serverUrl, database),
  }
}
