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

/** The rows that an order is about, as they are committed, or as they stand under a lock. */
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

/** Writes what was granted, so that the answer can be given again. */
export const storeLines = (
  tx: Queryable,
  order_id: string,
  granted: readonly GrantedLine[],
): Promise<void> =>
  reservationLineCreate(tx, {
    order_id,
    line_nos: granted.map((_, index) => index + 1),
    product_ids: granted.map((line) => line.product_id),
    deal_ids: granted.map((line) => line.deal_id ?? ''),
    quantities: granted.map((line) => line.quantity),
    product_names: granted.map((line) => line.product_name),
    unit_prices: granted.map((line) => line.unit_price),
  })
