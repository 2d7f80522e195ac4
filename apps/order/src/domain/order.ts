import type { OrderGetRow, OrderStatus } from '../gen/queries.ts'

/**
 * An order's states and what may follow what; each change in SQL is guarded by the state it
 * leaves. `none` is where it begins, `void` the id of an order that never came to be.
 */
export const orderTransitions = {
  none: ['pending', 'confirmed', 'void'],
  pending: ['confirmed', 'rejected'],
  confirmed: ['cancelled', 'shipped'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
  rejected: [],
  void: [],
} as const satisfies Record<OrderStatus | 'none', readonly OrderStatus[]>

/** The states that an order can leave for this one. */
export const statesBefore = (state: OrderStatus): string[] =>
  Object.entries<readonly OrderStatus[]>(orderTransitions)
    .filter(([, following]) => following.includes(state))
    .map(([before]) => before)

/** What product is to do with a reservation, for each state of its order. */
export const outcomeOf = {
  pending: 'pending',
  confirmed: 'confirmed',
  shipped: 'confirmed',
  delivered: 'confirmed',
  cancelled: 'void',
  rejected: 'void',
  void: 'void',
} as const satisfies Record<OrderStatus, 'pending' | 'confirmed' | 'void'>

export type OrderItem = {
  id: string
  product_id: string
  deal_id: string | null
  product_name: string
  quantity: number
  unit_price: number
}

export type ShippingAddress = {
  recipient_name: string
  phone: string
  address: string
  address_detail: string | null
  postal_code: string
}

/** An order as the contract shows it. */
export type Order = Omit<OrderGetRow, 'status' | 'shipping_address'> & {
  status: Exclude<OrderStatus, 'void'>
  shipping_address: ShippingAddress | null
  items: (OrderItem & { subtotal: number })[]
}

/** Puts an order together from its row and its items. */
export const orderFrom = (row: OrderGetRow, items: readonly OrderItem[]): Order => ({
  ...row,
  // The statements that read orders leave void rows out, and the address was validated on its way in.
  status: row.status as Order['status'],
  shipping_address: row.shipping_address as ShippingAddress | null,
  items: items.map((item) => ({ ...item, subtotal: item.unit_price * item.quantity })),
})
