import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'
import type { OrderStatus } from './snapshot.ts'

/** Confirmed, and the states that follow it. */
const confirmed: readonly OrderStatus[] = ['confirmed', 'shipped', 'delivered', 'cancelled']

/** I9: every accepted order is confirmed or rejected after the drain. */
export const allDecided = ({ orderById }: Facts, accepted: readonly string[]): Finding => {
  const ids = [...new Set(accepted)]
  const count = (states: readonly OrderStatus[]) =>
    ids.filter((id) => states.includes(orderById.get(id)?.status ?? 'void')).length
  const open = ids.filter((id) => {
    const status = orderById.get(id)?.status ?? 'void'
    return status !== 'rejected' && !confirmed.includes(status)
  })
  return finding({
    id: 'I9',
    title: 'Accepted = confirmed + rejected',
    figures: { accepted: ids.length, confirmed: count(confirmed), rejected: count(['rejected']) },
    offenders: open.map((id) => `order ${id}: it is ${orderById.get(id)?.status ?? 'not stored'}`),
  })
}
