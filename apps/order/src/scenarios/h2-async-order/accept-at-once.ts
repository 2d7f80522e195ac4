import type { Queryable } from '@flash-deal/db'
import { orderAccept } from '../../gen/queries.ts'
import type { NewOrder } from '../m8-order-inserts/new-order.ts'
import { storedTogether } from '../m8-order-inserts/optimized/insert-batch.ts'

/** Like M8's `insertBatch`, for pending orders. */
export const acceptAtOnce = (
  db: Queryable,
  orders: readonly NewOrder[],
): Promise<Map<NewOrder, string>> =>
  storedTogether(orders, 'pending', (columns) => orderAccept(db, columns))
