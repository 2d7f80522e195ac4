import { isDeepStrictEqual } from 'node:util'
import { type Facts, isActive, waiting } from './facts.ts'
import { type Finding, finding } from './finding.ts'
import type { LineRow, OrderRow, ReservationRow } from './snapshot.ts'

/**
 * I7: every active order has its stock, line by line, and nothing else has stock. A difference
 * is allowed only while a pending event will settle it.
 */
export const ordersHaveStock = (facts: Facts, atRest: boolean): Finding => {
  const { reservations } = facts.product
  const countOf = (state: ReservationRow['state']) =>
    reservations.filter((reservation) => reservation.state === state).length
  return finding({
    id: 'I7',
    title: 'Every active order has its stock, and nothing else has stock',
    figures: {
      'active orders': facts.active.length,
      held: countOf('held'),
      confirmed: countOf('confirmed'),
      released: countOf('released'),
    },
    offenders: [
      ...storedTwice(facts),
      ...facts.active.flatMap((order) => withoutStock(facts, order, atRest)),
      ...reservations.flatMap((reservation) => withoutOrder(facts, reservation, atRest)),
    ],
  })
}

/** An id is either an order or void. */
const storedTwice = ({ order }: Facts): string[] =>
  [...Map.groupBy(order.orders, ({ id }) => id)].flatMap(([id, rows]) =>
    rows.length > 1 ? [`order ${id}: it is ${rows.map(({ status }) => status).join(' and ')}`] : [],
  )

const withoutStock = (
  facts: Facts,
  { id, status, user_id }: OrderRow,
  atRest: boolean,
): string[] => {
  const { state, user_id: buyer } = facts.reservationById.get(id) ?? {}
  if (state === undefined || state === 'released') {
    return [`order ${id}: it is ${status}, its stock ${state ?? 'was never reserved'}`]
  }
  // A pending order may not be priced yet.
  const isFinal = status !== 'pending'
  if (
    isFinal &&
    !isDeepStrictEqual(linesOf(facts.itemsByOrder, id), linesOf(facts.linesByOrder, id))
  ) {
    return [`order ${id}: its lines are not those that were granted`]
  }
  if (buyer !== user_id) return [`order ${id}: its stock was granted to ${buyer}`]
  const isSettled =
    state === 'confirmed' || status === 'pending' || facts.events.has(waiting('confirmed', id))
  return isSettled || !atRest
    ? []
    : [`order ${id}: it is ${status}, its stock is only held, and no event confirms it`]
}

/** Events inform product only about ids that became orders. The sweep queries the others. */
const withoutOrder = (
  facts: Facts,
  { order_id, state }: ReservationRow,
  atRest: boolean,
): string[] => {
  const status = facts.after.get(order_id)
  if (state === 'released' || isActive(status)) return []
  // A confirmed reservation had an order, which is cancelled before its stock is released.
  const isUnderWay = !atRest && (state === 'held' || status === 'cancelled')
  if (isUnderWay || facts.events.has(waiting('released', order_id))) return []
  return [`order ${order_id}: it is ${status ?? 'unknown'}, its stock ${state}`]
}

/** The lines granted by product and the lines stored by order must be equal. */
const linesOf = (byOrder: ReadonlyMap<string, LineRow[]>, orderId: string): unknown[] =>
  (byOrder.get(orderId) ?? []).map((line) => [
    line.line_no,
    line.product_id,
    line.deal_id,
    line.quantity,
    line.product_name,
    line.unit_price,
  ])
