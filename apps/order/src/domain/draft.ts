import { createHash } from 'node:crypto'
import type { OrderOperations } from '@flash-deal/contracts'
import type { ShippingAddress } from './order.ts'

type Body = OrderOperations['createOrder']['requestBody']['content']['application/json']

export type DraftLine = { product_id: string; deal_id: string | null; quantity: number }

/** A normalized order request: ids in lower case, every optional field present. */
export type Draft = { lines: DraftLine[]; shippingAddress: ShippingAddress | null }

export const draftFrom = ({ items, shipping_address }: Body): Draft => ({
  lines: items.map(({ product_id, deal_id, quantity }) => ({
    product_id: product_id.toLowerCase(),
    deal_id: deal_id?.toLowerCase() ?? null,
    quantity,
  })),
  shippingAddress: shipping_address ? addressFrom(shipping_address) : null,
})

const addressFrom = (address: NonNullable<Body['shipping_address']>): ShippingAddress => ({
  recipient_name: address.recipient_name,
  phone: address.phone,
  address: address.address,
  address_detail: address.address_detail ?? null,
  postal_code: address.postal_code,
})

/**
 * The key of the record in Kafka: orders of one deal, or of one product without a deal, are decided in
 * the order of their acceptance.
 */
export const logKeyOf = ({ lines: [first] }: Pick<Draft, 'lines'>): string =>
  first?.deal_id ?? first?.product_id ?? ''

/** The digest that compares two requests under one Idempotency-Key. */
export const digestOf = (draft: Draft): Buffer =>
  createHash('sha256').update(JSON.stringify(draft)).digest()
