import type { Queryable } from '@flash-deal/db'
import type { Stock } from '../../domain/grant.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type ReservationRequest,
} from '../../domain/reservation.ts'
import {
  dealListForReservation,
  productListForReservation,
  reservationLineCreate,
} from '../../gen/queries.ts'

/** The rows of an order, as committed or locked. */
export const stockFor = async (
  db: Queryable,
  { user_id, lines }: ReservationRequest,
): Promise<Stock> => {
  const deals = { ids: dealUnits(lines).ids, user_id }
  const products = { ids: productUnits(lines).ids }
  return {
    deals: deals.ids.length > 0 ? await dealListForReservation(db, deals) : [],
    products: products.ids.length > 0 ? await productListForReservation(db, products) : [],
  }
}

type Granted = { order_id: string; lines: readonly GrantedLine[] }

/** Writes the granted lines, so that the result can be repeated. */
export const storeLines = (tx: Queryable, granted: readonly Granted[]): Promise<void> => {
  const lines = granted.flatMap(({ order_id, lines: own }) =>
    own.map((line, index) => ({ ...line, order_id, line_no: index + 1 })),
  )
  return reservationLineCreate(tx, {
    order_ids: lines.map((line) => line.order_id),
    line_nos: lines.map((line) => line.line_no),
    product_ids: lines.map((line) => line.product_id),
    deal_ids: lines.map((line) => line.deal_id ?? ''),
    quantities: lines.map((line) => line.quantity),
    product_names: lines.map((line) => line.product_name),
    unit_prices: lines.map((line) => line.unit_price),
  })
}
