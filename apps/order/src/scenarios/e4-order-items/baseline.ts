import type { Database } from '@flash-deal/db'
import { orderFrom } from '../../domain/order.ts'
import { itemList } from '../../gen/queries.ts'
import type { WithItems } from './plugin.ts'

/** One statement for the items of each order. */
export const oneByOne =
  ({ db, count }: { db: Database; count: () => void }): WithItems =>
  (rows) =>
    Promise.all(
      rows.map(async (row) => {
        count()
        return orderFrom(row, await itemList(db, { order_id: row.id }))
      }),
    )
