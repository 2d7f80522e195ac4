import { needsOf } from '@flash-deal/config'
import { documents } from '@flash-deal/contracts'
import { database } from '@flash-deal/db'
import { messaging } from '@flash-deal/messaging'
import { type App, contract, identity, redis } from '@flash-deal/service'
import { handlers } from './handlers/index.ts'
import { oldRows } from './plugins/old-rows.ts'
import { orderClient } from './plugins/order-client.ts'
import { orderEvents } from './plugins/order-events.ts'
import { productInvariants } from './plugins/product-invariants.ts'
import { reservations } from './plugins/reservations.ts'
import { saleFigures } from './plugins/sale-figures.ts'
import { sweeper } from './plugins/sweeper.ts'
import { ids } from './scenarios/e1-uuid-v7/plugin.ts'
import { productListCache } from './scenarios/e2-product-list-cache/plugin.ts'
import { dealListCache } from './scenarios/e3-deal-list-cache/plugin.ts'
import { compression } from './scenarios/e6-compression/plugin.ts'
import { count } from './scenarios/e7-count/plugin.ts'
import { productTransport } from './scenarios/h1-product-transport/plugin.ts'
import { hotRow } from './scenarios/m1-hot-row/plugin.ts'
import { redlockServers } from './scenarios/m1-hot-row/redlock/servers.ts'
import { indexes } from './scenarios/m3-indexes/plugin.ts'
import { soldOut } from './scenarios/m7-sold-out/plugin.ts'

/** Products, deals and their stock. */
export const product: App<'product'> = async (app, { settings, scenarios }) => {
  await app.register(identity, {
    internalKey: settings.INTERNAL_KEY,
    deadlineMs: settings.DEADLINE_MS,
  })
  await app.register(database, {
    url: settings.PRODUCT_DATABASE_URL,
    applicationName: 'product',
    variant: scenarios.E5,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
    pooler: settings.POOLER,
  })
  if (needsOf('product', scenarios).has('redis')) {
    await app.register(redis, { url: settings.REDIS_URL, timeoutMs: settings.REDIS_TIMEOUT_MS })
  }
  if (needsOf('product', scenarios).has('redlock')) {
    const { REDLOCK_URLS: urls, REDIS_TIMEOUT_MS: timeoutMs } = settings
    await app.register(redlockServers, { urls, timeoutMs })
  }
  await app.register(messaging, {
    brokers: settings.KAFKA_BROKERS,
    prefix: settings.KAFKA_PREFIX,
    isNeeded: needsOf('product', scenarios).has('kafka'),
    timeoutMs: settings.KAFKA_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
  })
  await app.register(orderClient, { settings })
  await app.register(reservations)
  await app.register(saleFigures, { sweepIntervalMs: settings.SWEEP_INTERVAL_MS })
  await app.register(orderEvents)
  await app.register(sweeper, {
    intervalMs: settings.SWEEP_INTERVAL_MS,
    ttlMs: settings.RESERVATION_TTL_MS,
  })
  await app.register(oldRows, { settings })
  await app.register(productInvariants, { intervalMs: settings.INVARIANTS_INTERVAL_MS })

  await app.register(indexes, { variant: scenarios.M3 })
  await app.register(ids, { variant: scenarios.E1 })
  await app.register(count, { variant: scenarios.E7 })
  await app.register(compression, { variant: scenarios.E6 })
  await app.register(productListCache, { variant: scenarios.E2 })
  await app.register(dealListCache, { variant: scenarios.E3 })
  await app.register(hotRow, {
    variant: scenarios.M1,
    ttlMs: settings.RESERVATION_TTL_MS,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
  })
  await app.register(soldOut, { variant: scenarios.M7 })
  await app.register(productTransport, { variant: scenarios.H1, settings })

  await app.register(contract, { document: documents.product, handlers })
}
