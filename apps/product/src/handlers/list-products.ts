import type { ProductOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import { jsonType, type RequestOf } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Cursor, parseCursor } from '../domain/product-cursor.ts'

type Request = FastifyRequest<RequestOf<ProductOperations['listProducts']>>

/** Replies with bytes: a page may come serialized from a cache (E2), and compressed (E6). */
export const listProducts = async (
  request: Request,
  reply: FastifyReply,
): Promise<string | Buffer> => {
  const { productList, cachedCodings } = request.server
  const { page = 1, size = 20, category = null } = request.query
  const after = afterOf(request.query)
  reply.type(jsonType)
  const found = await productList.page(
    { page, size, category, coding: cachedCodings.chosenFor(request), ...(after && { after }) },
    (rows) => String(reply.serialize(rows)),
  )
  cachedCodings.setHeaders(reply, found.coding)
  return found.bytes
}

/** @throws ApiError VALIDATION_ERROR for an invalid cursor, or for a cursor together with a page */
const afterOf = ({ cursor, page = 1, category }: Request['query']): Cursor | undefined => {
  if (cursor === undefined) return undefined
  if (page === 1) return parseCursor(cursor, category ?? null)
  const message = 'must not be given together with a cursor'
  throw new ApiError('VALIDATION_ERROR', { details: { page: message } })
}
