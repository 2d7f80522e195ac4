import type { ReservationState } from '../gen/queries.ts'

/**
 * The states of a reservation and their transitions. Every change in SQL checks the state it leaves
 * (`where state = …`), so one of two concurrent changes has no effect. A reservation can start as
 * released: a release that arrives before the reservation is stored.
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

/** The units to take from or return to a row; ids are unique and sorted. */
export type UnitsById = { ids: string[]; units: number[] }

/** The units of each row that the lines request, in the order in which all code locks rows. */
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

/** A line takes its units from its deal, if it has one. */
export const dealUnits = (lines: readonly RequestedLine[]): UnitsById =>
  unitsBy(lines, (line) => line.deal_id)

export const productUnits = (lines: readonly RequestedLine[]): UnitsById =>
  unitsBy(lines, (line) => (line.deal_id === null ? line.product_id : null))
