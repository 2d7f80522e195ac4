import accepted from './order-accepted.v1.json' with { type: 'json' }
import confirmed from './order-confirmed.v1.json' with { type: 'json' }
import released from './order-released.v1.json' with { type: 'json' }

/**
 * The events that go through Kafka. A version is never changed: another shape is a new version with a
 * file of its own, which consumers know before anyone sends it.
 */

export type OrderAccepted = {
  order_id: string
  user_id: string
  is_reserved: boolean
  lines: { product_id: string; deal_id: string | null; quantity: number }[]
}

/** The data of each type and version. */
export type EventData = {
  'order.accepted': OrderAccepted
  'order.confirmed': { order_id: string }
  'order.released': { order_id: string }
}

export type EventType = keyof EventData

type EventKind = { version: number; topic: Topic; schema: object }

/** Topics, by what their consumers do; the number of partitions bounds the number of consumers. */
export const topics = {
  'orders-accepted': { partitions: 6 },
  'order-events': { partitions: 6 },
} as const

export type Topic = keyof typeof topics

export const eventKinds = {
  'order.accepted': { version: 1, topic: 'orders-accepted', schema: accepted },
  'order.confirmed': { version: 1, topic: 'order-events', schema: confirmed },
  'order.released': { version: 1, topic: 'order-events', schema: released },
} as const satisfies Record<EventType, EventKind>
