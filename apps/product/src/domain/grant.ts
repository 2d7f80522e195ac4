import type { DealListForReservationRow, ProductListForReservationRow } from '../gen/queries.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type Refusal,
  type RequestedLine,
} from './reservation.ts'

/** The locked rows of a reservation. */
export type Stock = {
  deals: readonly DealListForReservationRow[]
  products: readonly ProductListForReservationRow[]
}

export type Decision = { granted: GrantedLine[] } | { refused: Refusal }

/**
 * Decides whether all lines can be reserved, and at which price; all or none. If there are several
 * reasons to reject, it reports the first in this order: not found, not active, not enough stock, the
 * buyer's limit.
 */
export const decide = (lines: readonly RequestedLine[], stock: Stock): Decision => {
  const deals = new Map(stock.deals.map((deal) => [deal.id, deal]))
  const products = new Map(stock.products.map((product) => [product.id, product]))
  const refused =
    first(lines, (line) => unknownItemRefusal(line, deals, products)) ??
    first(stock.deals, inactive) ??
    first(entriesOf(dealUnits(lines)), ([id, units]) =>
      stockRefusal(units, deals.get(id)?.remaining_stock, { deal_id: id }),
    ) ??
    first(entriesOf(productUnits(lines)), ([id, units]) =>
      stockRefusal(units, products.get(id)?.stock, { product_id: id }),
    ) ??
    first(entriesOf(dealUnits(lines)), ([id, units]) => overLimit(units, deals.get(id)))
  return refused ? { refused } : { granted: lines.map((line) => granted(line, deals, products)) }
}

type ById<Row> = ReadonlyMap<string, Row>
type Deals = ById<DealListForReservationRow>
type Products = ById<ProductListForReservationRow>

const unknownItemRefusal = (
  line: RequestedLine,
  deals: Deals,
  products: Products,
): Refusal | undefined => {
  const { deal_id, product_id } = line
  if (deal_id === null) {
    if (products.has(product_id)) return undefined
    return {
      reason: 'PRODUCT_NOT_FOUND',
      message: 'There is no such product.',
      details: { product_id },
    }
  }
  if (deals.get(deal_id)?.product_id === product_id) return undefined
  return {
    reason: 'DEAL_NOT_FOUND',
    message: 'There is no such deal of this product.',
    details: { product_id, deal_id },
  }
}

const inactive = (deal: DealListForReservationRow): Refusal | undefined =>
  deal.is_active
    ? undefined
    : {
        reason: 'DEAL_NOT_ACTIVE',
        message: 'The deal has not begun or is over.',
        details: { deal_id: deal.id },
      }

const stockRefusal = (
  units: number,
  left = 0,
  details: Record<string, unknown>,
): Refusal | undefined =>
  units <= left
    ? undefined
    : { reason: 'INSUFFICIENT_STOCK', message: 'There is not enough stock.', details }

const overLimit = (units: number, deal?: DealListForReservationRow): Refusal | undefined => {
  const limit = deal?.per_user_limit ?? null
  if (!deal || limit === null || deal.bought + units <= limit) return undefined
  return {
    reason: 'PURCHASE_LIMIT_EXCEEDED',
    message: `A buyer may have ${limit} of this deal.`,
    details: { deal_id: deal.id, limit, bought: deal.bought },
  }
}

const granted = (line: RequestedLine, deals: Deals, products: Products): GrantedLine => {
  const deal = line.deal_id === null ? undefined : deals.get(line.deal_id)
  const product = products.get(line.product_id)
  return {
    product_id: line.product_id,
    deal_id: line.deal_id,
    quantity: line.quantity,
    product_name: deal?.product_name ?? product?.name ?? '',
    unit_price: deal?.deal_price ?? product?.price ?? 0,
  }
}

const first = <Item>(
  items: readonly Item[],
  refusal: (item: Item) => Refusal | undefined,
): Refusal | undefined => {
  for (const item of items) {
    const found = refusal(item)
    if (found) return found
  }
  return undefined
}

const entriesOf = ({ ids, units }: { ids: string[]; units: number[] }): [string, number][] =>
  ids.map((id, index) => [id, units[index] ?? 0])
