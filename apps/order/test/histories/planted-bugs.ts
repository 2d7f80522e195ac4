/** Planted bugs, as edits of the source. The tests must detect each of them. */

import type { WorldVariants } from './world.ts'

/** The file is relative to the root of the repository; it must contain `from` exactly once. */
export type Edit = { file: string; from: string; to: string }

export type PlantedBug = {
  edits: readonly Edit[]
  /** The violation: an invariant of the checker, or a response to a client. */
  breaks: string
  /** Removes a constraint that would prevent the bug, so that the checker has to detect it. */
  sql?: string
  /** Histories run one transaction after the other; a burst runs several concurrently. */
  foundBy: 'histories' | 'burst'
  /** The variants of the world in which it is found; the baselines by default. */
  variants?: WorldVariants
  /** A seed with which the histories detect it early, 1 by default. */
  seed?: number
  /** The first history of that seed that finds it, 0 by default. The search begins there. */
  first?: number
}

const claims = 'apps/order/src/plugins/claims.ts'
const placing = 'apps/order/src/plugins/placing.ts'
const orderStatements = 'apps/order/src/gen/queries.ts'
const productStatements = 'apps/product/src/gen/queries.ts'

export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'an unfenced late insert': {
    edits: [
      {
        file: orderStatements,
        from: 'on conflict do nothing\nreturning created_at, updated_at',
        to: `on conflict (id) do update set user_id = excluded.user_id, status = excluded.status,
      total_amount = excluded.total_amount
returning created_at, updated_at`,
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    seed: 5,
    first: 2,
  },
  'a release without a void before it': {
    edits: [
      {
        file: placing,
        from: 'const state = await voidUnlessOrder(app.db, orderId)',
        to: "const state: string = 'void'",
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    seed: 11,
    first: 17,
  },
  'a void that ignores an existing order': {
    edits: [
      {
        file: 'apps/order/src/storage/existing-order.ts',
        from: "(await voidUnlessOrders(db, [id])).get(id) ?? 'void'",
        to: "(await voidUnlessOrders(db, [id])).size > 0 ? 'void' : 'void'",
      },
    ],
    breaks: 'I1 ',
    foundBy: 'histories',
    seed: 11,
    first: 48,
  },
  'a release that takes effect twice': {
    edits: [
      {
        file: productStatements,
        from: "and state in ('held', 'confirmed')",
        to: '',
      },
    ],
    breaks: 'I2 ',
    sql: `
      alter table product.deal_buyers drop constraint deal_buyers_units_check;
      alter table product.deals drop constraint deals_check, drop constraint deals_check1`,
    foundBy: 'histories',
  },
  'a confirmation of a released reservation': {
    edits: [
      {
        file: productStatements,
        from: " and held.state = 'held'",
        to: '',
      },
    ],
    breaks: 'I2 ',
    foundBy: 'histories',
    seed: 4,
    first: 13,
  },
  'a cancellation that takes effect twice': {
    edits: [
      {
        file: orderStatements,
        from: "and user_id = $3::uuid and status = 'confirmed'",
        to: 'and user_id = $3::uuid',
      },
    ],
    breaks: 'An order was cancelled twice',
    foundBy: 'histories',
    first: 21,
  },
  'a takeover of a key without a check for an earlier takeover': {
    edits: [
      {
        file: orderStatements,
        from: 'and order_id = $5',
        to: 'and $5::uuid is not null',
      },
    ],
    breaks: 'I4 ',
    foundBy: 'histories',
    seed: 8,
    first: 137,
  },
  'a retry under another order id': {
    edits: [
      {
        file: claims,
        from: 'const orderId = row ? app.newId() : read',
        to: 'const orderId = app.newId()',
      },
    ],
    breaks: 'I4 ',
    foundBy: 'histories',
    seed: 6,
    first: 553,
  },
  'a new order id before the release of the old one is acknowledged': {
    edits: [
      {
        file: claims,
        from: 'if (row) await app.productClient.release(read, attempt)',
        to: '',
      },
    ],
    breaks: 'is refused for what it bought under the same key',
    foundBy: 'histories',
    seed: 4,
    first: 462,
  },
  'a response before the commit': {
    edits: [
      {
        file: 'apps/order/src/scenarios/h2-async-order/baseline.ts',
        from: 'const answer = await app.storeOrder(attempt, lines)',
        to: `const answer = await new Promise<string>((answer, fail) => {
          const serialize = (order: Order): string => {
            const bytes = attempt.serialize(order)
            answer(bytes)
            return bytes
          }
          app.storeOrder({ ...attempt, serialize }, lines).catch(fail)
        })`,
      },
    ],
    breaks: 'I3 ',
    foundBy: 'histories',
    seed: 8,
    first: 1,
  },
  'a missing unique key': {
    edits: [
      {
        file: orderStatements,
        from: ')\non conflict do nothing`,\n}\n\n/** claim_create.sql',
        to: ')`,\n}\n\n/** claim_create.sql',
      },
    ],
    sql: 'alter table orders.claims drop constraint claims_pkey',
    breaks: 'I4 ',
    foundBy: 'histories',
  },
  'a claim that is deleted before it is old': {
    edits: [
      {
        file: orderStatements,
        from: "where claims.lease_until < now() - $1::bigint * interval '1 millisecond'",
        to: 'where $1::bigint > 0',
      },
    ],
    breaks: 'I4 ',
    foundBy: 'histories',
    first: 1,
  },
  'a void id that is deleted before it is old': {
    edits: [
      {
        file: orderStatements,
        from: "and orders.created_at < now() - $1::bigint * interval '1 millisecond'",
        to: 'and $1::bigint > 0',
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    first: 12,
  },
  'a reservation that is deleted although it is confirmed': {
    edits: [
      {
        file: productStatements,
        from: "reservations.state = 'released'\n    and reservations.updated_at",
        to: "reservations.state <> 'held'\n    and reservations.updated_at",
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    first: 29,
  },
  'a decrement that is not atomic': {
    edits: [
      {
        file: productStatements,
        from: 'from deals\nwhere id = any($1::uuid[])\norder by id\nfor update',
        to: 'from deals\nwhere id = any($1::uuid[])',
      },
      {
        file: productStatements,
        from: 'set remaining_stock = remaining_stock - taken.units',
        to: `set remaining_stock =
          (select read.remaining_stock from deals as read where read.id = taken.id) - taken.units`,
      },
    ],
    breaks: 'I1 ',
    foundBy: 'burst',
  },
}

const pendingOrders = 'apps/order/src/plugins/pending-orders.ts'

/** Bugs of asynchronous orders (H2). */
export const plantedAsyncBugs: Readonly<Record<string, PlantedBug>> = {
  'a lost append that is not repeated': {
    edits: [
      {
        file: pendingOrders,
        from: 'if (orders.length === 0 || stopping?.aborted) return',
        to: 'if (orders.length === 0 || !stopping?.aborted) return',
      },
    ],
    breaks: 'I9 ',
    foundBy: 'histories',
    variants: { H2: 'optimized' },
  },
  'a second decision on an order': {
    edits: [
      {
        file: orderStatements,
        from: `and orders.status = 'pending'
  order by orders.id
  for update
),
confirmed as`,
        to: `and orders.status <> 'void'
  order by orders.id
  for update
),
confirmed as`,
      },
    ],
    breaks: 'was cancelled and reads',
    foundBy: 'histories',
    variants: { H2: 'optimized' },
  },
  'a pending order that the sweep treats as void': {
    edits: [
      {
        file: 'apps/order/src/domain/order.ts',
        from: "pending: 'pending',\n  confirmed: 'confirmed'",
        to: "pending: 'void',\n  confirmed: 'confirmed'",
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    variants: { H2: 'optimized' },
  },
  'a compensation that voids a pending order': {
    edits: [
      {
        file: placing,
        from: "if (state !== 'void') return await existingResponse(app.db, attempt, orderId)",
        to: "if (state !== 'void' && state !== 'pending') return await existingResponse(app.db, attempt, orderId)",
      },
    ],
    breaks: 'I7 ',
    foundBy: 'histories',
    variants: { H2: 'optimized' },
  },
}
