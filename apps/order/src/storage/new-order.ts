import { randomUUID } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'
import type { Attempt } from '../domain/attempt.ts'
import { type OrderItem, orderFrom, type ShippingAddress } from '../domain/order.ts'
import type { GrantedLine } from '../plugins/product-client.ts'

/** An order to be inserted. */
export type NewOrder = {
  attempt: Attempt
  row: {
    id: string
    user_id: string
    total_amount: number
    shipping_address: ShippingAddress | null
  }
  items: readonly OrderItem[]
}

export const newOrderFrom = (attempt: Attempt, lines: readonly GrantedLine[]): NewOrder => {
  const { orderId: id, userId: user_id, draft } = attempt
  const items = lines.map((line): OrderItem => ({ ...line, id: randomUUID() }))
  const total_amount = items.reduce((sum, each) => sum + each.unit_price * each.quantity, 0)
  return {
    attempt,
    row: { id, user_id, total_amount, shipping_address: draft.shippingAddress },
    items,
  }
}

const asPlaced = {
  cancelled_at: null,
  cancel_reason: null,
  reject_reason: null,
} as const

/** The bytes of the response of a stored order. */
export const answerOf = (
  { attempt, row, items }: NewOrder,
  created: { created_at: Date; updated_at: Date },
  status: 'confirmed' | 'pending' = 'confirmed',
): string => attempt.serialize(orderFrom({ ...row, ...created, ...asPlaced, status }, items))

/** The error if the id is already an order or void, because of another attempt or the sweep. */
export const settledAlready = ({ attempt: { key } }: NewOrder): ApiError =>
  new ApiError(key === undefined ? 'SERVICE_UNAVAILABLE' : 'IDEMPOTENCY_IN_PROGRESS')

type Columns = {
  order_ids: string[]
  line_nos: number[]
  ids: string[]
  product_ids: string[]
  deal_ids: string[]
  product_names: string[]
  quantities: number[]
  unit_prices: number[]
}

/** The items of all orders, as one array per column. */
export const itemColumns = (orders: readonly NewOrder[]): Columns => {
  const rows = orders.flatMap(({ row, items }) =>
    items.map((item, index) => ({ ...item, order_id: row.id, line_no: index + 1 })),
  )
  return {
    order_ids: rows.map((item) => item.order_id),
    line_nos: rows.map((item) => item.line_no),
    ids: rows.map((item) => item.id),
    product_ids: rows.map((item) => item.product_id),
    deal_ids: rows.map((item) => item.deal_id ?? ''),
    product_names: rows.map((item) => item.product_name),
    quantities: rows.map((item) => item.quantity),
    unit_prices: rows.map((item) => item.unit_price),
  }
}
