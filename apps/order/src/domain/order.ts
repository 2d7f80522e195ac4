import type { OrderGetRow, OrderStatus } from '../gen/queries.ts'

/**
 * The states of an order and their transitions; each change in SQL checks the state it leaves.
 * `none` is the initial state, `void` an id that never becomes an order.
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

/** The states from which an order can enter this one. */
export const statesBefore = (state: OrderStatus): string[] =>
  Object.entries<readonly OrderStatus[]>(orderTransitions)
    .filter(([, following]) => following.includes(state))
    .map(([before]) => before)

/** The action of product on a reservation, for each state of its order. */
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

/** Builds an order from its row and its items. */
export const orderFrom = (row: OrderGetRow, items: readonly OrderItem[]): Order => ({
  ...row,
  // The statements that read orders exclude void rows, and the request validation checked the address.
  status: row.status as Order['status'],
  shipping_address: row.shipping_address as ShippingAddress | null,
  items: items.map((item) => ({ ...item, subtotal: item.unit_price * item.quantity })),
})
