import { type Random, randomFrom } from '@flash-deal/local/random'
import { freshId, type Template } from '../generator/protocol.ts'
import { postOf } from '../subjects/post-request.ts'
import type { Line, Shop } from './shop.ts'

/** The requests of a buyer, each with its target in bare routes. */

export type Purchase = {
  name: string
  target?: number
  templates: (shop: Shop) => readonly Template[]
}

export const optimizedPurchases: readonly Purchase[] = [
  {
    name: 'order, one line, one deal',
    target: 16,
    templates: ({ tokens, deal }) => tokens.map((token) => orderOf(token, [deal])),
  },
  {
    name: 'the same with an Idempotency-Key',
    templates: ({ tokens, deal }) => tokens.map((token) => orderOf(token, [deal], withKey)),
  },
  {
    name: 'order, one line, one product without a deal',
    target: 20,
    templates: ({ tokens, products: [product_id = ''] }) =>
      tokens.map((token) => orderOf(token, [{ product_id }])),
  },
  {
    name: 'order, three lines over 1,000 products (Zipf)',
    target: 40,
    templates: ({ tokens, products }) => {
      const draw = zipf(products, randomFrom(19))
      return tokens.flatMap((token) =>
        Array.from({ length: 4 }, () => orderOf(token, threeOf(draw))),
      )
    },
  },
  {
    name: 'sold out',
    target: 5,
    templates: ({ tokens, soldOut }) =>
      tokens.map((token) => ({
        ...orderOf(token, [soldOut]),
        status: 400,
        contains: 'INSUFFICIENT_STOCK',
      })),
  },
  {
    name: 'own orders, page of 20',
    target: 15,
    templates: ({ tokens }) => tokens.map((token) => get('/orders?size=20', token)),
  },
  {
    name: 'own profile',
    target: 12,
    templates: ({ tokens }) => tokens.map((token) => get('/auth/users/me', token)),
  },
]

/** One order at a time for each product, so that no two orders contend for a row. */
export const baselinePurchases: readonly Purchase[] = [
  {
    name: 'order, one line, uncontended, every scenario at its baseline',
    target: 60,
    templates: ({ tokens, products }) =>
      products.map((product_id, index) =>
        orderOf(tokens[index % tokens.length] ?? '', [{ product_id }]),
      ),
  },
]

/** The target as a table prints it; empty if there is none. */
export const targetOf = (name: string): string => {
  const all = [...optimizedPurchases, ...baselinePurchases]
  const target = all.find((purchase) => purchase.name === name)?.target
  return target === undefined ? '' : `≤ ${target}`
}

const withKey = { 'idempotency-key': freshId }

const orderOf = (
  token: string,
  lines: readonly Line[],
  more: Record<string, string> = {},
): Template => {
  const headers = { authorization: `Bearer ${token}`, ...more }
  const wire = postOf('/orders', headers, {
    items: lines.map((line) => ({ ...line, quantity: 1 })),
  })
  return { wire, status: 201, contains: '"status":"confirmed"' }
}

const get = (path: string, token: string): Template => ({
  wire: `GET ${path} HTTP/1.1\r\nhost: lab\r\nauthorization: Bearer ${token}\r\n\r\n`,
  status: 200,
})

const threeOf = (draw: () => string): Line[] => {
  const ids = new Set<string>()
  while (ids.size < 3) ids.add(draw())
  return [...ids].map((product_id) => ({ product_id }))
}

const resolution = 1_000_000

/** Draws the item of rank k with a probability in proportion to 1/k. */
const zipf = (items: readonly string[], random: Random): (() => string) => {
  let sum = 0
  const upTo = items.map((_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return () => {
    const at = (random.integer(0, resolution - 1) / resolution) * sum
    return items[upTo.findIndex((bound) => at < bound)] ?? ''
  }
}
