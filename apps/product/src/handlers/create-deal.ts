import type { ProductOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import { assertOwner } from '../domain/assert-owner.ts'
import { dealFrom } from '../domain/deal.ts'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { windowFrom } from '../domain/window.ts'
import { dealCreate, dealGet, productAllocate, productGetForUpdate } from '../gen/queries.ts'
import { assertEndIsAhead } from '../storage/deal-end.ts'

export const createDeal: Handler<ProductOperations['createDeal']> = async ({
  server,
  db,
  body,
  userId,
}) => {
  const { product_id, deal_price, deal_stock, per_user_limit = null } = body
  const window = windowFrom(body)
  const id = server.newId()
  const deal = await db.transaction(
    async (tx) => {
      await assertEndIsAhead(tx, window)
      assertOwner(
        rowOrThrow(await productGetForUpdate(tx, { id: product_id }), 'PRODUCT_NOT_FOUND', {
          product_id,
        }),
        userId,
      )
      const moved = await productAllocate(tx, { id: product_id, units: deal_stock })
      if (moved === 0) throw new ApiError('INSUFFICIENT_STOCK')
      await dealCreate(tx, { id, product_id, deal_price, deal_stock, per_user_limit, ...window })
      return dealGet(tx, { id })
    },
    async () => {
      await Promise.all([server.productList.invalidate(), server.dealList.invalidate()])
    },
  )
  return dealFrom(rowOrThrow(deal))
}
