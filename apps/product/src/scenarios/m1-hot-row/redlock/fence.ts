import type { Queryable } from '@flash-deal/db'
import {
  dealUnits,
  productUnits,
  type RequestedLine,
  type UnitsById,
} from '../../../domain/reservation.ts'
import {
  dealListFenceTokens,
  dealTakeFenced,
  productListFenceTokens,
  productTakeFenced,
} from '../../../gen/queries.ts'

/** Thrown to roll back a decision on rows that another transaction has changed since. */
export class FencedOff extends Error {
  constructor() {
    super('Another process changed the stock after the lock had expired.')
  }
}

/** The token of each row by id; ids of deals and products are distinct. */
export type FenceTokens = ReadonlyMap<string, number>

/**
 * The fencing tokens of the rows of an order, read before the rows. Each row has its own token, which
 * every change increments. Numbers from a sequence or from a counter in Redis would order the lock
 * holders, not their reads: a holder with a higher number may have read the row before a holder with
 * a lower number wrote it, and would overwrite that change.
 *
 * @see https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
 */
export const fenceTokensFor = async (
  tx: Queryable,
  lines: readonly RequestedLine[],
): Promise<FenceTokens> => {
  const deals = { ids: dealUnits(lines).ids }
  const products = { ids: productUnits(lines).ids }
  const rows = [
    ...(deals.ids.length > 0 ? await dealListFenceTokens(tx, deals) : []),
    ...(products.ids.length > 0 ? await productListFenceTokens(tx, products) : []),
  ]
  return new Map(rows.map(({ id, fence_token }) => [id, fence_token]))
}

/**
 * Takes units from each row, deals before products, both in the order of the ids.
 * @throws FencedOff if the token of a row has changed, or its deal is over
 */
export const takeFenced = async (
  tx: Queryable,
  lines: readonly RequestedLine[],
  tokens: FenceTokens,
): Promise<void> => {
  await eachRow(dealUnits(lines), tokens, (row) => dealTakeFenced(tx, row))
  await eachRow(productUnits(lines), tokens, (row) => productTakeFenced(tx, row))
}

type Row = { id: string; units: number; fence_token: number }

const eachRow = async (
  { ids, units }: UnitsById,
  tokens: FenceTokens,
  take: (row: Row) => Promise<{ is_active: boolean } | undefined>,
): Promise<void> => {
  for (const [index, id] of ids.entries()) {
    const fence_token = tokens.get(id)
    if (fence_token === undefined) throw new FencedOff()
    const taken = await take({ id, units: units[index] ?? 0, fence_token })
    if (!taken?.is_active) throw new FencedOff()
  }
}
