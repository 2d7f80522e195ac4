import { z } from 'zod'
import { allServices, ports } from './settings/all-services.ts'
import { auth } from './settings/auth.ts'
import { database } from './settings/database.ts'
import { gateway } from './settings/gateway.ts'
import { local } from './settings/local.ts'
import { order } from './settings/order.ts'
import { product } from './settings/product.ts'

/**
 * The settings of every process. `settings/` has each setting with its name in the environment, its
 * default, its range and its purpose. `npm run generate` writes `.env.example` from them.
 */

/** The settings of each process. */
export const settingsSchemas = {
  auth: z.object({ ...allServices, ...ports, ...database, ...auth }),
  product: z.object({ ...allServices, ...ports, ...database, ...product }),
  order: z.object({ ...allServices, ...ports, ...database, ...order }),
  gateway: z.object({
    ...allServices,
    ...ports,
    ...gateway,
    PRODUCT_URLS: order.PRODUCT_URLS,
    ORDER_URLS: product.ORDER_URLS,
    JWT_ISSUER: auth.JWT_ISSUER,
    JWT_AUDIENCE: auth.JWT_AUDIENCE,
    REDIS_URL: product.REDIS_URL,
    REDIS_TIMEOUT_MS: product.REDIS_TIMEOUT_MS,
  }),
  /** The migrator sets the passwords of the roles to those in the services' URLs. */
  migrate: z.object({
    NODE_ENV: allServices.NODE_ENV,
    QUERY_TIMEOUT_MS: database.QUERY_TIMEOUT_MS,
    POOLER: database.POOLER,
    DATABASE_URL: local.DATABASE_URL,
    DATABASE_NAME: local.DATABASE_NAME,
    AUTH_DATABASE_URL: auth.AUTH_DATABASE_URL,
    PRODUCT_DATABASE_URL: product.PRODUCT_DATABASE_URL,
    ORDER_DATABASE_URL: order.ORDER_DATABASE_URL,
  }),
  local: z.object({
    ...allServices,
    ...ports,
    ...database,
    ...auth,
    ...product,
    ...order,
    ...gateway,
    ...local,
  }),
}

/** The settings by the headings of `.env.example`. */
export const settingsByHeading = {
  'All services': allServices,
  Ports: ports,
  'PostgreSQL, for auth, product and order': database,
  auth,
  product,
  order,
  gateway,
  '`make run` and `make test`': local,
}

export type ProcessName = keyof typeof settingsSchemas
export type Settings<Name extends ProcessName> = Readonly<z.infer<(typeof settingsSchemas)[Name]>>

/** The settings of every service. */
export type ServiceSettings = Pick<Settings<'order'>, keyof typeof allServices | keyof typeof ports>
export type DatabaseSettings = Pick<Settings<'order'>, keyof typeof database>
