import { randomBytes } from 'node:crypto'
import { dropDatabase, migrate, type Role, roleUrl } from '@flash-deal/sql'
import { servers } from './servers.ts'

/** A migrated database of its own, and the addresses by which each service may use it. */
export type FreshDatabase = {
  name: string
  adminUrl: string
  /** By setting: `AUTH_DATABASE_URL` and so on. */
  urls: Record<'AUTH_DATABASE_URL' | 'PRODUCT_DATABASE_URL' | 'ORDER_DATABASE_URL', string>
  drop(): Promise<void>
}

export const freshDatabase = async (): Promise<FreshDatabase> => {
  const { databaseUrl: serverUrl } = servers()
  const database = `test_${randomBytes(6).toString('hex')}`
  await migrate({ adminUrl: serverUrl, database })
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
    drop: () => dropDatabase(serverUrl, database),
  }
}
