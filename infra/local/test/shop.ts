import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Acknowledged, brokenInvariants } from '@flash-deal/testing/invariants'
import { type Client, createClient } from '../api-client.ts'
import type { Stack } from '../stack.ts'

/** A shop for purchases during faults, and the check of its invariants. */

export type Shop = {
  stack: Stack
  /** The token of a user who creates products and orders. */
  token: string
  productId: string
  /** A stored order. */
  orderId: string
}

/** Settings with which relay and sweep settle everything within seconds. */
export const briskSettings = {
  CLAIM_LEASE_MS: '1000',
  RESERVATION_TTL_MS: '1000',
  SWEEP_INTERVAL_MS: '200',
  RELAY_INTERVAL_MS: '100',
}

/** A product with a large stock, and an order of it. */
export const openShop = async (stack: Stack): Promise<Shop> => {
  const api = createClient(stack.url)
  const token = await tokenFrom(api)
  const create = async (path: string, body: object): Promise<string> =>
    (await api<{ id: string }>(path, { token, body })).body.id
  const productId = await create('/products', { name: 'Teapot', price: 1_000, stock: 1_000_000 })
  const orderId = await create('/orders', { items: [{ product_id: productId, quantity: 1 }] })
  return { stack, token, productId, orderId }
}

const tokenFrom = async (api: Client): Promise<string> => {
  const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Buyer' } })
  return (await api<{ access_token: string }>('/auth/login', { body: credentials })).body
    .access_token
}

/** A multiple of the hold, the sweep and the relay's pause of `briskSettings`. */
const restWithinMs = 30_000

/** The violated invariants after relay and sweep have settled everything. */
export const brokenAtRest = async (
  { databases, settings }: Stack,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> => {
  const deadline = performance.now() + restWithinMs
  const patience = { sweepMs: settings.SWEEP_INTERVAL_MS }
  for (;;) {
    const broken = await brokenInvariants({ ...databases, acknowledged, atRest: true, patience })
    if (broken.length === 0 || performance.now() > deadline) return broken
    await pause(100)
  }
}
