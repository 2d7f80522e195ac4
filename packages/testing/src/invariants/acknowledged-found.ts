import { isDeepStrictEqual } from 'node:util'
import {
  type Acknowledged,
  type Answer,
  type AnswerItem,
  allAcknowledged,
  answerFrom,
} from './acknowledged.ts'
import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'
import type { ItemRow, OrderRow, OrderStatus } from './snapshot.ts'

const afterConfirmed: readonly OrderStatus[] = ['confirmed', 'shipped', 'delivered', 'cancelled']
const afterPending: readonly OrderStatus[] = ['pending', 'rejected', ...afterConfirmed]

/** The legal later states of an order, by the state in its response. */
const legalAfter: Readonly<Record<string, readonly OrderStatus[]>> = {
  pending: afterPending,
  confirmed: afterConfirmed,
  shipped: ['shipped', 'delivered'],
  delivered: ['delivered'],
  cancelled: ['cancelled'],
  rejected: ['rejected'],
}

/** I3: every acknowledged order is stored as its response reported it. */
export const acknowledgedFound = (facts: Facts, seen: readonly Acknowledged[]): Finding => {
  const acknowledged = allAcknowledged(facts, seen)
  const countOf = (status: OrderStatus) =>
    facts.order.orders.filter((order) => order.status === status).length
  return finding({
    id: 'I3',
    title: 'Every acknowledged order is stored as in its response and in a legal state',
    figures: {
      acknowledged: new Set(acknowledged.map(({ orderId }) => orderId)).size,
      orders: facts.order.orders.length - countOf('void'),
      cancelled: countOf('cancelled'),
      voids: countOf('void'),
    },
    offenders: [...new Set(acknowledged.flatMap((each) => problemOf(facts, each)))],
  })
}

const problemOf = (facts: Facts, { orderId, answer }: Acknowledged): string[] => {
  const order = facts.orderById.get(orderId)
  if (!order) return [`order ${orderId}: it was acknowledged and is not stored`]
  const given = answer === undefined ? undefined : answerFrom(answer)
  const legal = given?.status === undefined ? afterPending : (legalAfter[given.status] ?? [])
  if (!legal.includes(order.status)) {
    return [
      `order ${orderId}: it was answered as ${given?.status ?? 'placed'}, it is ${order.status}`,
    ]
  }
  if (!given || isAsStored(given, order, facts.itemsByOrder.get(orderId) ?? [])) return []
  return [`order ${orderId}: its response differs from what is stored`]
}

const isAsStored = (answer: Answer, order: OrderRow, items: readonly ItemRow[]): boolean => {
  const isPriced = answer.status !== 'pending' || answer.total_amount !== 0
  return (
    answer.user_id === order.user_id &&
    (!isPriced || answer.total_amount === order.total_amount) &&
    isDeepStrictEqual(linesFrom(answer.items ?? [], isPriced), linesFrom(items, isPriced))
  )
}

/** An order that was pending in the response may have been priced later. */
const linesFrom = (items: readonly AnswerItem[], isPriced: boolean): string[] =>
  items
    .map((item) =>
      [
        ...[item.id, item.product_id, item.deal_id, item.quantity],
        ...(isPriced ? [item.unit_price] : []),
      ].join(' '),
    )
    .sort()
