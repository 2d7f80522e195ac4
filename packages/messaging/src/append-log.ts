import { ApiError } from '@flash-deal/errors'
import { Batches, type Deadline, within } from '@flash-deal/service'
import { isTracing } from '@flash-deal/telemetry'
import { ProduceAcks, Producer } from '@platformatic/kafka'
import { clientOptions, stringSerializers } from './client-options.ts'
import { type NewEvent, type Record, recordOf } from './event.ts'
import { sendInSpan } from './record-spans.ts'
import type { Cluster } from './topics.ts'

/** Maximum number of records in one request to the brokers. */
const sizeMax = 500

const queue = 'log'

type Options = Cluster & {
  clientId: string
  /** Maximum number of waiting records; the next is rejected. */
  queueMax: number
  /** Maximum time of a record in the queue and in the request, in milliseconds. */
  timeoutMs: number
}

type StringProducer = Producer<string, string, string, string>

/**
 * Appends records to the log. All waiting records are sent in one request; each is acknowledged by all
 * in-sync replicas. The producer is idempotent, so its own retries write no record twice.
 */
export class AppendLog {
  readonly #options: Options
  readonly #batches: Batches<Record, undefined>
  readonly #send: typeof sendInSpan
  #producer: StringProducer | undefined

  constructor(options: Options) {
    this.#options = options
    const { queueMax, timeoutMs } = options
    this.#batches = new Batches({
      ...{ name: 'Kafka batch', sizeMax, queueMax, timeoutMs },
      work: (_queue, records) => this.#write(records),
    })
    this.#send = isTracing() ? sendInSpan : (event, send) => send(event)
  }

  /**
   * Resolves when the brokers have acknowledged the event.
   * @param id of the event; a retry of an event that may have been written has the same id
   * @throws NotStarted if it was not sent; otherwise whether it was written is unknown
   */
  append(
    event: NewEvent,
    { id, deadline }: { id?: string; deadline?: Deadline } = {},
  ): Promise<void> {
    return this.#send(event, (carried) => this.add(recordOf(carried, id), deadline))
  }

  /** The same for a complete record. */
  add(record: Record, deadline?: Deadline): Promise<void> {
    return this.#batches.add(queue, record, deadline)
  }

  async #write(records: readonly Record[]): Promise<undefined[]> {
    this.#producer ??= this.#connect()
    const producer = this.#producer
    const { prefix = '', timeoutMs } = this.#options
    try {
      const messages = records.map((record) => ({ ...record, topic: prefix + record.topic }))
      const sent = producer.send({ messages, acks: ProduceAcks.ALL })
      // While its broker is away, the client itself retries for longer, and other records would wait.
      await within(timeoutMs, sent, () => new ApiError('SERVICE_UNAVAILABLE'))
      return records.map(() => undefined)
    } catch (error) {
      // The producer's sequence numbers no longer match those of the broker, which may have restarted.
      this.#producer = undefined
      void producer.close(true).catch(() => {})
      throw error
    }
  }

  #connect(): StringProducer {
    const { brokers, clientId, timeoutMs } = this.#options
    return new Producer({
      ...clientOptions(brokers, clientId),
      timeout: timeoutMs,
      serializers: stringSerializers,
      idempotent: true,
    })
  }

  /** Waits for requests in flight. */
  async close(): Promise<void> {
    await this.#batches.close()
    await this.#producer?.close(true).catch(() => {})
  }
}
