import { needsOf } from '@flash-deal/config'
import { documents } from '@flash-deal/contracts'
import { database } from '@flash-deal/db'
import { messaging } from '@flash-deal/messaging'
import { type App, contract, identity } from '@flash-deal/service'
import { handlers } from './handlers/index.ts'
import { claims } from './plugins/claims.ts'
import { oldRows } from './plugins/old-rows.ts'
import { orderFigures } from './plugins/order-figures.ts'
import { orderInvariants } from './plugins/order-invariants.ts'
import { orderOutcomes } from './plugins/order-outcomes.ts'
import { orderStreams } from './plugins/order-streams.ts'
import { outboxRelay } from './plugins/outbox-relay.ts'
import { pendingOrders } from './plugins/pending-orders.ts'
import { placing } from './plugins/placing.ts'
import { productClient } from './plugins/product-client.ts'
import { ids } from './scenarios/e1-uuid-v7/plugin.ts'
import { orderItems } from './scenarios/e4-order-items/plugin.ts'
import { productTransport } from './scenarios/h1-product-transport/plugin.ts'
import { asyncOrder } from './scenarios/h2-async-order/plugin.ts'
import { indexes } from './scenarios/m3-indexes/plugin.ts'
import { circuitBreaker } from './scenarios/m5-circuit-breaker/plugin.ts'
import { soldOut } from './scenarios/m7-sold-out/plugin.ts'
import { orderInserts } from './scenarios/m8-order-inserts/plugin.ts'

/** The order service: places, lists and cancels orders. */
export const order: App<'order'> = async (app, { settings, scenarios }) => {
  await app.register(identity, {
    internalKey: settings.INTERNAL_KEY,
    deadlineMs: settings.DEADLINE_MS,
  })
  await app.register(database, {
    url: settings.ORDER_DATABASE_URL,
    applicationName: 'order',
    variant: scenarios.E5,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
    pooler: settings.POOLER,
  })
  await app.register(messaging, {
    brokers: settings.KAFKA_BROKERS,
    prefix: settings.KAFKA_PREFIX,
    isNeeded: needsOf('order', scenarios).has('kafka'),
    timeoutMs: settings.KAFKA_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
  })
  await app.register(orderOutcomes)
  await app.register(circuitBreaker, { variant: scenarios.M5, settings })
  await app.register(productTransport, { variant: scenarios.H1, settings })
  await app.register(soldOut, { variant: scenarios.M7 })
  await app.register(productClient)
  await app.register(ids, { variant: scenarios.E1 })
  await app.register(claims, { leaseMs: settings.CLAIM_LEASE_MS })
  await app.register(orderInserts, {
    variant: scenarios.M8,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
  })
  await app.register(pendingOrders, {
    retryMs: settings.PENDING_RETRY_MS,
    intervalMs: settings.RECOVERY_INTERVAL_MS,
  })
  await app.register(asyncOrder, {
    variant: scenarios.H2,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
  })
  await app.register(placing)
  await app.register(orderStreams, {
    streamsMax: settings.ORDER_STREAMS_MAX,
    heartbeatMs: settings.ORDER_STREAM_HEARTBEAT_MS,
    pollMs: settings.ORDER_STREAM_POLL_MS,
  })
  await app.register(orderFigures)
  await app.register(outboxRelay, { intervalMs: settings.RELAY_INTERVAL_MS })
  await app.register(oldRows, { settings })
  await app.register(orderInvariants, { intervalMs: settings.INVARIANTS_INTERVAL_MS })

  await app.register(indexes, { variant: scenarios.M3 })
  await app.register(orderItems, { variant: scenarios.E4 })

  await app.register(contract, { document: documents.order, handlers })
}
