import { setTimeout as pause } from 'node:timers/promises'
import type { Topic } from '@flash-deal/contracts/events'
import { ApiError } from '@flash-deal/errors'
import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka'
import { clientOptions, stringDeserializers } from './client-options.ts'
import { type Event, eventFrom, type Record, Unprocessable } from './event.ts'
import { type Cluster, deadLettersOf } from './topics.ts'

/** The result of an event: processed, or the error. */
export type Handled = { error?: unknown }

/**
 * Processes up to `sizeMax` events and returns one result for each. An event may be delivered more than
 * once. Events of one key are delivered in order.
 */
export type Handle = (events: readonly Event[]) => Promise<readonly Handled[]>

export type ConsumerOptions = Cluster & {
  topic: Topic
  /** Consumers of one group share the partitions of the topic. */
  group: string
  handle: Handle
  /** Called before each connection; creates the topics. */
  prepare: () => Promise<void>
  /** Parks a record that cannot be processed. Resolves when it is stored. */
  park: (record: Record) => Promise<void>
  /** Called for each failure, of a record or of the connection. */
  failed: (error: unknown, what: string) => void
  /** Called with the number of records that wait in the partitions of this consumer. */
  lagged: (records: number) => void
}

type StringMessage = Message<string, string, string, string>
type StringConsumer = Consumer<string, string, string, string>
type Stream = MessagesStream<string, string, string, string>

/** Maximum number of records in a batch. */
const sizeMax = 200

/** Records and bytes that are prefetched; the rest of a backlog stays at the brokers. */
const fetchedAhead = { highWaterMark: 2 * sizeMax, maxBytes: 1_048_576 }

/** A record is parked after this many failures that no dependency has caused. */
const attemptsMax = 5

/** Milliseconds. */
const backoff = { first: 100, most: 2_000 }
const lagEveryMs = 2_000

const backoffMs = (attempt: number): number =>
  Math.min(backoff.first * 2 ** (attempt - 1), backoff.most) * (0.5 + Math.random() / 2)

/**
 * Consumes a topic until it is stopped. Offsets are committed after the handler has stored its work, so
 * uncommitted records are delivered again. Records wait while a dependency is unavailable. A record that
 * fails for another reason is parked, so that it does not block the records behind it.
 */
export class EventConsumer {
  readonly #options: ConsumerOptions
  readonly #stop = new AbortController()
  #running = Promise.resolve()

  constructor(options: ConsumerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#stop.signal.aborted; attempt++) {
      const begin = performance.now()
      await this.#connected().catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.failed(error, 'The consumer lost Kafka')
      })
      if (performance.now() - begin > backoff.most) attempt = 1
      await this.#wait(backoffMs(attempt))
    }
  }

  async #connected(): Promise<void> {
    const { brokers, prefix = '', prepare } = this.#options
    const [group, topic] = [prefix + this.#options.group, prefix + this.#options.topic]
    await prepare()
    const consumer: StringConsumer = new Consumer({
      ...clientOptions(brokers, group),
      groupId: group,
      deserializers: stringDeserializers,
      ...{ sessionTimeout: 6_000, heartbeatInterval: 1_000, rebalanceTimeout: 10_000 },
    })
    consumer.on('consumer:lag', (lag) => this.#options.lagged(sumOf(lag.get(topic) ?? [])))
    consumer.on('consumer:lag:error', () => {})
    try {
      const stream = await consumer.consume({
        ...{ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false },
        ...{ maxWaitTime: 250, ...fetchedAhead },
      })
      consumer.startLagMonitoring({ topics: [topic] }, lagEveryMs)
      await this.#drain(consumer, stream)
    } finally {
      await consumer.close(true).catch(() => {})
    }
  }

  /** Runs until the stream fails or the consumer is stopped. */
  async #drain(consumer: StringConsumer, stream: Stream): Promise<void> {
    const { signal } = this.#stop
    let changed = Promise.withResolvers<void>()
    const wake = (): void => changed.resolve()
    let failure: Error | undefined
    const end = (error: Error): void => {
      failure ??= error
      wake()
    }
    // These listeners stay: without a listener the stream does not fetch.
    stream.on('readable', wake)
    stream.on('error', end)
    stream.on('close', () => end(new Error('The stream was closed.')))
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        if (failure) throw failure
        const batch = takeFrom(stream)
        if (batch.length > 0) await this.#process(consumer, batch)
        else {
          await changed.promise
          changed = Promise.withResolvers()
        }
      }
    } finally {
      // The signal outlives this connection.
      signal.removeEventListener('abort', wake)
    }
  }

  async #process(consumer: StringConsumer, batch: readonly StringMessage[]): Promise<void> {
    let open = await this.#parsed(batch)
    for (let attempt = 1; open.length > 0; attempt++) {
      open = await this.#attempt(open, attempt)
      if (open.length > 0) await this.#wait(backoffMs(attempt))
      // Uncommitted records are delivered again.
      if (this.#stop.signal.aborted && open.length > 0) return
    }
    await consumer.commit({ offsets: offsetsAfter(batch) }).catch((error: unknown) => {
      // Another consumer may have the partition now; it gets these records again.
      this.#options.failed(error, 'An offset was not committed')
    })
  }

  async #parsed(batch: readonly StringMessage[]): Promise<Open[]> {
    const open: Open[] = []
    for (const message of batch) {
      try {
        open.push({ message, event: eventFrom(message) })
      } catch (error) {
        await this.#park(message, error)
      }
    }
    return open
  }

  /** Returns the records to retry. */
  async #attempt(open: readonly Open[], attempt: number): Promise<Open[]> {
    const { handle, failed } = this.#options
    const results = await handle(open.map(({ event }) => event)).catch((error: unknown) =>
      open.map((): Handled => ({ error })),
    )
    const again: Open[] = []
    for (const [index, each] of open.entries()) {
      const { error } = results[index] ?? {}
      if (error === undefined) continue
      failed(error, 'An event was not processed')
      if (isLasting(error, attempt)) await this.#park(each.message, error)
      else again.push(each)
    }
    return again
  }

  /** Retries until the record is stored: skipping it before would lose it. */
  async #park(message: StringMessage, error: unknown): Promise<void> {
    for (let attempt = 1; !this.#stop.signal.aborted; attempt++) {
      try {
        await this.#options.park(deadLetterOf(this.#options.topic, message, error))
        return
      } catch (cause) {
        this.#options.failed(cause, 'A record could not be parked')
        await this.#wait(backoffMs(attempt))
      }
    }
    throw new Error('Stopped before the record was parked.')
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}

type Open = { message: StringMessage; event: Event }

/** An unavailable dependency recovers; any other error would occur again. */
const isLasting = (error: unknown, attempt: number): boolean =>
  error instanceof Unprocessable || (!isPassing(error) && attempt >= attemptsMax)

const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code)

const takeFrom = (stream: Stream): StringMessage[] => {
  const batch: StringMessage[] = []
  while (batch.length < sizeMax) {
    const message: StringMessage | null = stream.read()
    if (message === null) break
    batch.push(message)
  }
  return batch
}

/** The offset to commit for each partition: the next one. */
const offsetsAfter = (batch: readonly StringMessage[]) => {
  const last = new Map(batch.map((message) => [message.partition, message]))
  return [...last.values()].map(({ topic, partition, offset, leaderEpoch }) => ({
    ...{ topic, partition, leaderEpoch },
    offset: offset + 1n,
  }))
}

const sumOf = (lags: readonly bigint[]): number =>
  lags.reduce((sum, lag) => sum + Math.max(0, Number(lag)), 0)

const deadLetterOf = (
  own: Topic,
  { topic, partition, offset, key, value, headers }: StringMessage,
  error: unknown,
): Record => ({
  topic: deadLettersOf(own),
  key: key ?? '',
  value: value ?? '',
  headers: {
    ...Object.fromEntries(headers),
    'dead-letter-from': `${topic} ${partition} ${offset}`,
    'dead-letter-reason': error instanceof Error ? error.message : String(error),
  },
})
