import type { Queries, Queryable } from '@flash-deal/db'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type RequestedLine,
  type ReservationRequest,
  type UnitsById,
} from '../../../domain/reservation.ts'
import { dealTakeForBuyer, productTakeAvailable, reservationCreate } from '../../../gen/queries.ts'
import type { ReservationResult } from '../seam.ts'
import { storeLines } from '../stock.ts'

/** Thrown to roll back earlier lines when a line cannot be taken. */
class NotThere extends Error {}

type Taken = { product_id: string; product_name: string; unit_price: number }

/**
 * Takes units for an order of any lines: a conditional update for each row, deals before products, both
 * in the order of the ids. Returns undefined and takes nothing if a line cannot be taken or the order
 * id is known.
 */
export const takeEach = async (
  db: Queries,
  request: ReservationRequest,
  ttlMs: number,
): Promise<ReservationResult | undefined> => {
  try {
    return await db.transaction((tx) => takeAll(tx, request, ttlMs))
  } catch (error) {
    if (error instanceof NotThere) return undefined
    throw error
  }
}

const takeAll = async (
  tx: Queryable,
  { order_id, user_id, lines }: ReservationRequest,
  ttlMs: number,
): Promise<ReservationResult> => {
  const { expires_at } = there(await reservationCreate(tx, { order_id, user_id, ttl_ms: ttlMs }))
  const deals = await byId(dealUnits(lines), (id, units) =>
    dealTakeForBuyer(tx, { id, units, user_id }),
  )
  const products = await byId(productUnits(lines), (id, units) =>
    productTakeAvailable(tx, { id, units }),
  )
  const granted = lines.map((line) =>
    grantedLine(
      line,
      line.deal_id === null ? products.get(line.product_id) : deals.get(line.deal_id),
    ),
  )
  await storeLines(tx, [{ order_id, lines: granted }])
  return { order_id, outcome: 'granted', expires_at, lines: granted }
}

/** The statements are pipelined and run one after the other. */
const byId = async (
  { ids, units }: UnitsById,
  take: (id: string, units: number) => Promise<Taken | undefined>,
): Promise<Map<string, Taken>> => {
  const rows = await Promise.all(ids.map((id, index) => take(id, units[index] ?? 0)))
  return new Map(rows.map((row, index) => [ids[index] ?? '', there(row)]))
}

const grantedLine = (line: RequestedLine, taken: Taken | undefined): GrantedLine => {
  const { product_id, product_name, unit_price } = there(taken)
  if (product_id !== line.product_id) throw new NotThere()
  return { ...line, product_name, unit_price }
}

const there = <Row>(row: Row | undefined): Row => {
  if (row === undefined) throw new NotThere()
  return row
}
