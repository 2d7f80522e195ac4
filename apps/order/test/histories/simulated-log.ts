import { randomUUID } from 'node:crypto'
import { eventKinds, type Topic } from '@flash-deal/contracts/events'
import type { Event, Handled, NewEvent } from '@flash-deal/messaging'

/** Kafka in memory: topics with one partition each, and the committed offset of each group. */
export class SimulatedLog {
  #topics = emptyTopics()

  clear(): void {
    this.#topics = emptyTopics()
  }

  /** As `AppendLog.append`. */
  async append({ type, data, trace }: NewEvent, { id = randomUUID() } = {}): Promise<void> {
    const { version, topic } = eventKinds[type]
    // TypeScript does not relate the data to the type.
    this.#topics[topic].events.push({ id, type, version, data, trace } as Event)
  }

  /** Stores an offset. A late consumer moves it back, so that records are delivered again. */
  async commit(topic: Topic, offset: number): Promise<void> {
    this.#topics[topic].offset = offset
  }

  /** Processes a batch as a consumer does: the offset is committed if no record fails. */
  async consume(topic: Topic, size: number, handle: Handler): Promise<void> {
    const { events, offset } = this.#topics[topic]
    const batch = events.slice(offset, offset + size)
    if (batch.length === 0) return
    const handled = await handle(batch)
    if (handled.every(({ error }) => error === undefined)) {
      await this.commit(topic, offset + batch.length)
    }
  }
}

type Handler = (events: readonly Event[]) => Promise<readonly Handled[]>
type Topics = Record<Topic, { events: Event[]; offset: number }>

const emptyTopics = (): Topics => ({
  'orders-accepted': { events: [], offset: 0 },
  'order-events': { events: [], offset: 0 },
})
