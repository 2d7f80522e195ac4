import { ConfigError } from '@flash-deal/config'
import type { Topic } from '@flash-deal/contracts/events'
import { isTracing } from '@flash-deal/telemetry'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { AppendLog } from './append-log.ts'
import { EventConsumer, type Handle } from './consumer.ts'
import { tracedHandle } from './record-spans.ts'
import { type Cluster, createTopics } from './topics.ts'

export type Messaging = {
  log: AppendLog
  /** Consumes a topic from readiness until the service closes. Each record goes to one consumer of a group. */
  consume(consumption: { topic: Topic; group: string; handle: Handle }): void
  /** The number of records that wait for this process at the last count. */
  lagOf(topic: Topic): number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without KAFKA_BROKERS. */
    messaging: Messaging | undefined
  }
}

export type MessagingOptions = {
  brokers: readonly string[]
  /** The prefix of the names of topics and groups; empty by default. */
  prefix?: string
  /** Whether an active scenario needs Kafka. */
  isNeeded: boolean
  /** Maximum number of records that wait to be written. */
  queueMax: number
  /** Maximum time of a record in the queue and in the request, in milliseconds. */
  timeoutMs: number
}

/**
 * Kafka: an idempotent producer and consumers. Readiness does not depend on Kafka: accepted orders are
 * stored in PostgreSQL first, and wait there while Kafka is unavailable.
 */
export const messaging = fp(
  async (app: FastifyInstance, { brokers, prefix = '', isNeeded, ...limits }: MessagingOptions) => {
    if (isNeeded && brokers.length === 0) throw new ConfigError([missing])
    const isOn = brokers.length > 0
    app.decorate('messaging', isOn ? messagingOf(app, { brokers, prefix }, limits) : undefined)
  },
  { name: 'messaging', dependencies: ['metrics'] },
)

const missing =
  'An active scenario needs Kafka. Set KAFKA_BROKERS (host:port), or install Java 17 and Maven (apt-get install maven), and start with "make run"; or switch the scenario off.'

const messagingOf = (
  app: FastifyInstance,
  cluster: Cluster,
  limits: Pick<MessagingOptions, 'queueMax' | 'timeoutMs'>,
): Messaging => {
  const log = new AppendLog({ ...cluster, clientId: app.serviceName, ...limits })
  app.addHook('onClose', () => log.close())
  const topicsCreated = onceCreated(cluster)
  app.addHook('onReady', async () => void topicsCreated().catch(() => {}))
  const figures = figuresIn(app)
  const lags = new Map<Topic, number>()
  const consume: Messaging['consume'] = ({ topic, group, handle }) => {
    // Exported from the start, so that the first one is an increase.
    figures.deadLetters.inc({ topic }, 0)
    const consumer = new EventConsumer({
      ...{ ...cluster, topic, group, handle: isTracing() ? tracedHandle(handle) : handle },
      prepare: topicsCreated,
      park: async (record) => {
        await log.add(record)
        figures.deadLetters.inc({ topic })
      },
      failed: (error, what) => app.causeLog.write(app.log, error, what, { topic, group }),
      lagged: (records) => {
        lags.set(topic, records)
        figures.lag.set({ topic, group }, records)
      },
    })
    app.addHook('onReady', async () => consumer.start())
    app.addHook('preClose', () => consumer.stop())
  }
  return { log, consume, lagOf: (topic) => lags.get(topic) ?? 0 }
}

/** Retries until it succeeds once. */
const onceCreated = (cluster: Cluster): (() => Promise<void>) => {
  let created: Promise<void> | undefined
  return () => {
    created ??= createTopics(cluster).catch((error) => {
      created = undefined
      throw error
    })
    return created
  }
}

const figuresIn = ({ metrics }: FastifyInstance) => ({
  lag: new Gauge({
    name: 'kafka_consumer_lag',
    help: 'Records that wait in the partitions of this consumer',
    labelNames: ['topic', 'group'],
    registers: [metrics],
  }),
  deadLetters: new Counter({
    name: 'kafka_dead_letters_total',
    help: 'Parked records that could not be processed',
    labelNames: ['topic'],
    registers: [metrics],
  }),
})
