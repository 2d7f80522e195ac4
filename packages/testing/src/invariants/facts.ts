import type {
  ItemRow,
  LineRow,
  OrderRow,
  OrderStatus,
  OutboxRow,
  ReservationRow,
  Snapshot,
} from './snapshot.ts'

/** Facts derived from the tables that several invariants use. */

/** A line with its buyer. */
export type BuyersLine = LineRow & { user_id: string }

export type Facts = Snapshot & {
  orderById: ReadonlyMap<string, OrderRow>
  reservationById: ReadonlyMap<string, ReservationRow>
  itemsByOrder: ReadonlyMap<string, ItemRow[]>
  linesByOrder: ReadonlyMap<string, LineRow[]>
  /** Pending events of the outbox, formatted by `waiting`. */
  events: ReadonlySet<string>
  /** Orders that are active before and after product is read, so they were active in between. */
  active: OrderRow[]
  held: BuyersLine[]
  confirmed: BuyersLine[]
  /** Held or confirmed units, which are no longer for sale. */
  taken: BuyersLine[]
  /** The lines of active orders. */
  sold: BuyersLine[]
}

const activeStates: readonly OrderStatus[] = ['pending', 'confirmed', 'shipped', 'delivered']

export const isActive = (status: OrderStatus | undefined): boolean =>
  status !== undefined && activeStates.includes(status)

export const factsOf = (snapshot: Snapshot): Facts => {
  const { order, product, after } = snapshot
  const itemsByOrder = Map.groupBy(order.items, ({ order_id }) => order_id)
  const linesByOrder = Map.groupBy(product.lines, ({ order_id }) => order_id)
  const reservationById = new Map(product.reservations.map((row) => [row.order_id, row]))
  /** H2 `queue-first`: a pending order takes its stock later. */
  const isWaiting = ({ id, status }: OrderRow): boolean =>
    status === 'pending' && !reservationById.has(id)
  const active = order.orders.filter(
    (row) => isActive(row.status) && isActive(after.get(row.id)) && !isWaiting(row),
  )
  const linesIn = (state: ReservationRow['state']) =>
    product.reservations
      .filter((reservation) => reservation.state === state)
      .flatMap(({ order_id, user_id }) => ofBuyer(linesByOrder.get(order_id), user_id))
  const [held, confirmed] = [linesIn('held'), linesIn('confirmed')]
  return {
    ...snapshot,
    orderById: new Map(order.orders.map((row) => [row.id, row])),
    reservationById,
    itemsByOrder,
    linesByOrder,
    events: new Set(order.outbox.map(({ kind, order_id }) => waiting(kind, order_id))),
    active,
    held,
    confirmed,
    taken: [...held, ...confirmed],
    sold: active.flatMap(({ id, user_id }) => ofBuyer(itemsByOrder.get(id), user_id)),
  }
}

export const waiting = (kind: OutboxRow['kind'], orderId: string): string => `${kind} ${orderId}`

const ofBuyer = (lines: readonly LineRow[] = [], user_id: string | null): BuyersLine[] =>
  lines.map((line) => ({ ...line, user_id: user_id ?? 'nobody' }))

/** Units grouped by a key. Lines without the key are skipped. */
export const unitsBy = (
  lines: readonly BuyersLine[],
  keyOf: (line: BuyersLine) => string | undefined,
): Map<string, number> => {
  const units = new Map<string, number>()
  for (const line of lines) {
    const key = keyOf(line)
    if (key !== undefined) units.set(key, (units.get(key) ?? 0) + line.quantity)
  }
  return units
}

export const dealOf = ({ deal_id }: LineRow): string | undefined => deal_id ?? undefined

/** Units of a deal belong to the deal, not to its product. */
export const productOf = ({ deal_id, product_id }: LineRow): string | undefined =>
  deal_id === null ? product_id : undefined

export const buyerOf = ({ deal_id, user_id }: BuyersLine): string | undefined =>
  deal_id === null ? undefined : buyerKey(deal_id, user_id)

export const buyerKey = (dealId: string, userId: string): string => `deal ${dealId}, user ${userId}`

export const sumOf = <Row>(rows: readonly Row[], numberOf: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + numberOf(row), 0)

export const unitsOf = (lines: readonly LineRow[]): number =>
  sumOf(lines, ({ quantity }) => quantity)
