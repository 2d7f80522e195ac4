import { inWords, orderIdOf } from './answers.ts'
import type { Operation } from './clients.ts'
import type { Outcome, Sale } from './plan.ts'
import { buyersCount, plenty, usualSale } from './usual-sale.ts'

/** Sales in which it is the buyers who make it hard. */

const unitsInCrowd = 100

/** Each is another buyer and wants one unit of the same deal. */
export const crowd: Sale = {
  requests: { short: 2_000, long: 10_000 },
  width: 100,
  units: () => ({ deal: unitsInCrowd, product: 1 }),
  limit: () => 1,
  purchase: (_, { name, index }) => ({
    ...one(`${name}-${index}`, index),
    resends: index % 100 === 0,
  }),
  outcome: ({ first }) =>
    tally(first, {
      '201': unitsInCrowd,
      '400 INSUFFICIENT_STOCK': first.length - unitsInCrowd,
    }),
}

const unitsOfOne = 2

/** One buyer who may have two units asks for one two hundred times at once. */
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

/** The same order is sent a hundred times at once under the same key. */
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
      : { broken: [`One key has ${orders.size} orders and ${answers.size} different answers`] }
  },
}

/** Clients who do not wait for the answer; most of them are gone before it comes. */
export const hangUps: Sale = {
  requests: { short: 300, long: 2_000 },
  width: 50,
  units: () => ({ deal: plenty, product: plenty }),
  limit: () => plenty,
  purchase: (random, nth) => ({
    ...usualSale.purchase(random, nth),
    hangsUpAfterMs: random.integer(0, 40),
  }),
  // More than half of them, so a thousand in the long form.
  outcome: ({ first }) => {
    const gone = first.filter(({ reply }) => inWords(reply) === 'HUNG_UP').length
    return gone * 2 > first.length ? {} : { inconclusive: `only ${gone} clients hung up in time` }
  },
}

/** Everything is bought and then cancelled, at some moment within so many milliseconds. */
export const changesOfMind = (withinMs: number): Sale => ({
  requests: { short: 300, long: 1_000 },
  width: 50,
  units: () => ({ deal: plenty, product: plenty }),
  limit: () => plenty,
  purchase: (random, nth) => ({
    ...usualSale.purchase(random, nth),
    cancelsAfterMs: random.integer(0, withinMs),
  }),
  outcome: ({ first }) =>
    first.some(({ call }) => call === 'cancelOrder')
      ? {}
      : { inconclusive: 'nothing was cancelled' },
})

/** The deal is over while buyers still ask for it, and cancel what they have of it. */
export const closing: Sale = {
  ...usualSale,
  units: () => ({ deal: plenty, product: plenty }),
  limit: () => plenty,
  endsAt: 0.5,
  outcome: ({ first }) => {
    const sold = countOf(first, '201')
    const late = countOf(first, '409 DEAL_NOT_ACTIVE')
    return sold > 0 && late > 0
      ? {}
      : { inconclusive: `${sold} were sold in time, ${late} came too late` }
  },
}

/** All want a product of which there is little at first. */
export const scarce: Sale = {
  ...usualSale,
  units: (requests) => ({ deal: 1, product: Math.ceil(requests * 0.1) }),
  purchase: (random, { name, index }) => ({
    ...one(`${name}-${index}`, random.integer(0, buyersCount - 1)),
    wants: ['product'],
  }),
  outcome: ({ first, units }) => {
    const sold = countOf(first, '201')
    const atFirst = Math.ceil(first.length * 0.1)
    return sold > atFirst && units.product > atFirst
      ? {}
      : { inconclusive: `${sold} of ${units.product} were sold, nothing of what was added` }
  },
}

const one = (key: string, buyer: number) =>
  ({ key, buyer, wants: ['deal'], quantity: 1, resends: true }) as const

const countOf = (operations: readonly Operation[], answer: string): number =>
  operations.filter(({ reply }) => inWords(reply) === answer).length

/** Holds where each of these answers was given so often, and no other. */
const tally = (
  operations: readonly Operation[],
  wanted: Readonly<Record<string, number>>,
): Outcome => {
  const given = Map.groupBy(operations, ({ reply }) => inWords(reply))
  const answers = new Set([...Object.keys(wanted), ...given.keys()])
  const broken = [...answers]
    .map((answer) => ({ answer, wants: wanted[answer] ?? 0, got: given.get(answer)?.length ?? 0 }))
    .filter(({ wants, got }) => wants !== got)
    .map(({ answer, wants, got }) => `${answer} was answered ${got} times and not ${wants}`)
  return { broken }
}
