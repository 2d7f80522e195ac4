import type { Queryable } from '@flash-deal/db'
import { pendingConfirm, pendingPrice, pendingReject } from '../gen/queries.ts'
import type { GrantedLine } from '../plugins/product-client.ts'

/**
 * Product's decision on a pending order. Lines are absent if the order is already priced. The event of a
 * confirmed order continues the trace.
 */
export type Decision = { orderId: string; traceparent: string | null } & (
  | { outcome: 'granted'; lines: readonly GrantedLine[] | undefined }
  | { outcome: 'refused'; reason: string }
)

export type Decided = { confirmed: string[]; rejected: string[] }

/**
 * Confirms and rejects pending orders, with one statement for each. Returns the changed orders; the
 * others were decided before, because an event may be delivered twice.
 */
export const decidePending = async (
  db: Queryable,
  decisions: readonly Decision[],
): Promise<Decided> => {
  const granted = decisions.filter((each) => each.outcome === 'granted')
  const refused = decisions.filter((each) => each.outcome === 'refused')
  await price(db, granted)
  const confirmed = await confirm(db, granted)
  const rejected = await reject(db, refused)
  return { confirmed, rejected }
}

type Granted = Extract<Decision, { outcome: 'granted' }>
type Refused = Extract<Decision, { outcome: 'refused' }>

/** Sets the prices before the confirmation, so that every confirmed order has prices. */
const price = async (db: Queryable, granted: readonly Granted[]): Promise<void> => {
  const rows = granted.flatMap(({ orderId, lines = [] }) =>
    lines.map((line, index) => ({ ...line, order_id: orderId, line_no: index + 1 })),
  )
  if (rows.length === 0) return
  await pendingPrice(db, {
    order_ids: rows.map((row) => row.order_id),
    line_nos: rows.map((row) => row.line_no),
    product_names: rows.map((row) => row.product_name),
    unit_prices: rows.map((row) => row.unit_price),
  })
}

const confirm = async (db: Queryable, granted: readonly Granted[]): Promise<string[]> => {
  if (granted.length === 0) return []
  const ids = granted.map(({ orderId }) => orderId)
  const traceparents = granted.map(({ traceparent }) => traceparent ?? '')
  return (await pendingConfirm(db, { ids, traceparents })).map(({ id }) => id)
}

const reject = async (db: Queryable, refused: readonly Refused[]): Promise<string[]> => {
  if (refused.length === 0) return []
  const rows = await pendingReject(db, {
    ids: refused.map(({ orderId }) => orderId),
    reasons: refused.map(({ reason }) => reason),
  })
  return rows.map(({ id }) => id)
}
