import type { Operation } from './clients.ts'
import { ampleStock, buyersCount, defaultSale } from './default-sale.ts'
import type { Outcome, Sale } from './plan.ts'
import { describeReply, orderIdOf } from './replies.ts'

/** Workloads in which the buyers themselves are the fault. */

const unitsForManyBuyers = 100

/** Every purchase is by a different buyer, for one unit of the same deal. */
export const manyBuyers: Sale = {
  requests: { short: 1_000, long: 10_000 },
  width: 100,
  units: () => ({ deal: unitsForManyBuyers, product: 1 }),
  limit: () => 1,
  purchase: (_, { name, index }) => ({
    ...one(`${name}-${index}`, index),
    resends: index % 100 === 0,
  }),
  // The last replies: redlock has no queue, so on a busy machine a first reply may be 503.
  outcome: ({ last }) =>
    tally(last, {
      '201': unitsForManyBuyers,
      '400 INSUFFICIENT_STOCK': last.length - unitsForManyBuyers,
    }),
}

const unitsOfOne = 2

/** One buyer with a limit of two units sends 200 concurrent orders of one unit. */
export const oneBuyer: Sale = {
  requests: { short: 200, long: 200 },
  width: 200,
  units: (requests) => ({ deal: requests, product: 1 }),
  limit: () => unitsOfOne,
  purchase: (_, { name, index }) => one(`${name}-${index}`, 0),
  outcome: ({ first }) =>
    tally(first, {
      '201': unitsOfOne,
      '409 PURCHASE_LIMIT_EXCEEDED': first.length - unitsOfOne,
    }),
}

/** The same order is sent 100 times concurrently with the same idempotency key. */
export const oneKey: Sale = {
  requests: { short: 100, long: 100 },
  width: 100,
  units: (requests) => ({ deal: requests, product: 1 }),
  limit: (requests) => requests,
  purchase: (_, { name }) => one(name, 0),
  outcome: ({ last }) => {
    const orders = new Set(last.map(({ reply }) => orderIdOf(reply)))
    const answers = new Set(last.map(({ reply }) => JSON.stringify(reply)))
    return orders.size === 1 && answers.size === 1
      ? {}
      : { broken: [`One key has ${orders.size} orders and ${answers.size} different replies`] }
  },
}

/** Clients that abort the request; most of them before the response arrives. */
export const clientAborts: Sale = {
  requests: { short: 300, long: 2_000 },
  width: 50,
  units: () => ({ deal: ampleStock, product: ampleStock }),
  limit: () => ampleStock,
  purchase: (random, nth) => ({
    ...defaultSale.purchase(random, nth),
    abortsAfterMs: random.integer(0, 40),
  }),
  // More than half of them must abort: over a thousand in the long form.
  outcome: ({ first }) => {
    const aborted = first.filter(({ reply }) => describeReply(reply) === 'CLIENT_ABORTED').length
    return aborted * 2 > first.length ? {} : { inconclusive: `only ${aborted} clients aborted` }
  },
}

/** Every order is cancelled at a random time within `withinMs` milliseconds. */
export const buyThenCancel = (withinMs: number): Sale => ({
  requests: { short: 300, long: 1_000 },
  width: 50,
  units: () => ({ deal: ampleStock, product: ampleStock }),
  limit: () => ampleStock,
  purchase: (random, nth) => ({
    ...defaultSale.purchase(random, nth),
    cancelsAfterMs: random.integer(0, withinMs),
  }),
  outcome: ({ first }) =>
    first.some(({ call }) => call === 'cancelOrder')
      ? {}
      : { inconclusive: 'no order was cancelled' },
})

/** The deal ends while buyers order it and cancel their orders. */
export const endingDeal: Sale = {
  ...defaultSale,
  units: () => ({ deal: ampleStock, product: ampleStock }),
  limit: () => ampleStock,
  endsAt: 0.5,
  outcome: ({ first }) => {
    const sold = countOf(first, '201')
    const late = countOf(first, '409 DEAL_NOT_ACTIVE')
    return sold > 0 && late > 0
      ? {}
      : { inconclusive: `${sold} orders before the end of the deal, ${late} after it` }
  },
}

/** All buyers order a product with little initial stock, which is restocked during the sale. */
export const restockedSale: Sale = {
  ...defaultSale,
  units: (requests) => ({ deal: 1, product: Math.ceil(requests * 0.1) }),
  purchase: (random, { name, index }) => ({
    ...one(`${name}-${index}`, random.integer(0, buyersCount - 1)),
    kinds: ['product'],
  }),
  outcome: ({ first, units }) => {
    const sold = countOf(first, '201')
    const atFirst = Math.ceil(first.length * 0.1)
    return sold > atFirst && units.product > atFirst
      ? {}
      : { inconclusive: `${sold} of ${units.product} units were sold, none of the added ones` }
  },
}

const one = (key: string, buyer: number) =>
  ({ key, buyer, kinds: ['deal'], quantity: 1, resends: true }) as const

const countOf = (operations: readonly Operation[], answer: string): number =>
  operations.filter(({ reply }) => describeReply(reply) === answer).length

/** Passes if the replies occur exactly as often as expected. */
const tally = (
  operations: readonly Operation[],
  wanted: Readonly<Record<string, number>>,
): Outcome => {
  const given = Map.groupBy(operations, ({ reply }) => describeReply(reply))
  const answers = new Set([...Object.keys(wanted), ...given.keys()])
  const broken = [...answers]
    .map((answer) => ({
      answer,
      expected: wanted[answer] ?? 0,
      actual: given.get(answer)?.length ?? 0,
    }))
    .filter(({ expected, actual }) => expected !== actual)
    .map(({ answer, expected, actual }) => `${actual} replies of ${answer}, expected ${expected}`)
  return { broken }
}
