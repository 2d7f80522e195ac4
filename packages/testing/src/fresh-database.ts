import { randomBytes } from 'node:crypto'
import { dropDatabase, migrate } from '@flash-deal/sql'
import { servers } from './servers.ts'

/** A migrated database of its own, and the addresses by which each service may use it. */
export type FreshDatabase = {
  name: string
  adminUrl: string
  /** By setting: `AUTH_DATABASE_URL` and so on. */
  urls: Record<'AUTH_DATABASE_URL' | 'PRODUCT_DATABASE_URL' | 'ORDER_DATABASE_URL', string>
  drop(): Promise<void>
}

/** Roles belong to the server, not to the database, so every test run uses the same passwords. */
const password = 'test'

export const freshDatabase = async (): Promise<FreshDatabase> => {
  const { databaseUrl } = servers()
  const name = `test_${randomBytes(6).toString('hex')}`
  const roles = { auth_service: password, product_service: password, order_service: password }
  await migrate({ adminUrl: databaseUrl, database: name, roles })
  const urlAs = (role: string) => urlWith(databaseUrl, name, role)
  return {
    name,
    adminUrl: urlWith(databaseUrl, name),
    urls: {
      AUTH_DATABASE_URL: urlAs('auth_service'),
      PRODUCT_DATABASE_URL: urlAs('product_service'),
      ORDER_DATABASE_URL: urlAs('order_service'),
    },
    drop: () => dropDatabase(databaseUrl, name),
  }
}

const urlWith = (serverUrl: string, database: string, role?: string): string => {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  if (role !== undefined) {
    url.username = role
    url.password = password
  }
  return url.href
}
