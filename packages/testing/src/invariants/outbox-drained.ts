import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** I7b: at rest every event has been acknowledged and deleted. */
export const outboxDrained = ({ order: { outbox } }: Facts, atRest: boolean): Finding =>
  finding({
    id: 'I7b',
    title: 'Every event is delivered',
    figures: {
      'outbox rows': outbox.length,
      'tried before': outbox.filter(({ attempts }) => attempts > 0).length,
    },
    offenders: atRest
      ? outbox.map(({ order_id, kind, attempts }) => {
          return `order ${order_id}: "${kind}" waits after ${attempts} attempts`
        })
      : [],
  })
