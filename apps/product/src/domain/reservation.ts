import type { ReservationState } from '../gen/queries.ts'

/**
 * A reservation's states and what may follow what. Every change in SQL is guarded by the state it
 * leaves (`where state = …`), so that of two that race one has no effect. It may begin as released:
 * a release that comes first is kept.
 */
export const reservationTransitions = {
  none: ['held', 'released'],
  held: ['confirmed', 'released'],
  confirmed: ['released'],
  released: [],
} as const satisfies Record<ReservationState | 'none', readonly ReservationState[]>

export type RequestedLine = {
  product_id: string
  deal_id: string | null
  quantity: number
}

export type GrantedLine = RequestedLine & { product_name: string; unit_price: number }

export type Refusal = {
  reason:
    | 'INSUFFICIENT_STOCK'
    | 'PRODUCT_NOT_FOUND'
    | 'DEAL_NOT_FOUND'
    | 'DEAL_NOT_ACTIVE'
    | 'PURCHASE_LIMIT_EXCEEDED'
    | 'RESERVATION_RELEASED'
  message: string
  details?: Record<string, unknown>
}

export type ReservationRequest = { order_id: string; user_id: string; lines: RequestedLine[] }

/** Units to take from or give back to a row; ids are unique and sorted. */
export type UnitsById = { ids: string[]; units: number[] }

/** The units of each row that lines ask for, in the order in which rows are locked everywhere. */
export const unitsBy = (
  lines: readonly RequestedLine[],
  idOf: (line: RequestedLine) => string | null,
): UnitsById => {
  const units = new Map<string, number>()
  for (const line of lines) {
    const id = idOf(line)
    if (id !== null) units.set(id, (units.get(id) ?? 0) + line.quantity)
  }
  const ids = [...units.keys()].sort()
  return { ids, units: ids.map((id) => units.get(id) ?? 0) }
}

/** A line is counted from its deal, if it has one. */
export const dealUnits = (lines: readonly RequestedLine[]): UnitsById =>
  unitsBy(lines, (line) => line.deal_id)

export const productUnits = (lines: readonly RequestedLine[]): UnitsById =>
  unitsBy(lines, (line) => (line.deal_id === null ? line.product_id : null))
