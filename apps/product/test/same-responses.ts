import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { eachVariant, purchaseFlags } from '@flash-deal/testing'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import type { Sql } from 'postgres'
import type { Test } from 'tap'
import { adminOf, unaccounted } from './admin.ts'
import {
  confirm,
  type Line,
  openShop,
  type ReservationRequest,
  type Result,
  release,
  reserveBatch,
} from './client.ts'

/**
 * For any sequence of requests, every variant gives the responses of the baseline, which runs on a
 * separate database with the same deals.
 */

const mistakes = ['none', 'another product', 'no such product', 'no such deal'] as const

type Ask = {
  deal: number
  buyer: number
  quantity: number
  mistake: (typeof mistakes)[number] | 'two deals' | 'no deal'
  /** Repeats an order of an earlier call, if there is one. */
  repeated: number | null
}
type Step = { asks: Ask[] } | { kind: 'release' | 'confirm'; order: number }
type Offer = { stock: number; limit: number | null }

const small = (max: number) => fc.nat({ max })

const askOf = (mistake: fc.Arbitrary<Ask['mistake']>): fc.Arbitrary<Ask> =>
  fc.record({
    deal: small(1),
    buyer: small(3),
    quantity: fc.integer({ min: 1, max: 4 }),
    mistake: fc.oneof({ weight: 6, arbitrary: fc.constant('none') }, mistake),
    repeated: fc.option(small(20), { freq: 5 }),
  })

const stepOf = (ask: fc.Arbitrary<Ask>, kind: fc.Arbitrary<'release' | 'confirm'>) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ asks: fc.array(ask, { minLength: 1, maxLength: 6 }) }) },
    { weight: 2, arbitrary: fc.record({ kind, order: small(20) }) },
  ) satisfies fc.Arbitrary<Step>

const offer: fc.Arbitrary<Offer> = fc.record({
  stock: fc.integer({ min: 1, max: 12 }),
  limit: fc.constantFrom(1, 3, 5, null),
})

type Send = (app: FastifyInstance, requests: ReservationRequest[]) => Promise<Result[]>

const oneByOne: Send = async (app, requests) => {
  const results: Result[] = []
  for (const request of requests) results.push(...(await reserveBatch(app, [request])))
  return results
}

type Way = {
  variant: VariantOf<'M1'>
  send: Send
  step: fc.Arbitrary<Step>
  /** The part of a result that has to be the same in two databases. */
  see: (result: Result) => unknown
}

const anyMistake = fc.constantFrom(...mistakes, 'two deals', 'no deal')
const eitherWay = fc.constantFrom('release', 'confirm')
const wholly = ({ expires_at: _, ...result }: Result) => result
const single: Omit<Way, 'variant'> = {
  send: oneByOne,
  step: stepOf(askOf(anyMistake), eitherWay),
  see: wholly,
}

const ways: Record<string, Way> = {
  ...Object.fromEntries(eachVariant('M1').map((variant) => [variant, { ...single, variant }])),
  // The gate is updated after the response, so it may still reject units that were released, and may
  // report the second of two reasons.
  redis: {
    ...single,
    variant: 'redis',
    step: stepOf(askOf(anyMistake), fc.constant('confirm')),
    see: ({ outcome }) => outcome,
  },
  // Orders of several lines and of products are in other queues, so their order among those of a deal
  // is not defined.
  'optimized, each call a batch': {
    variant: 'optimized',
    send: reserveBatch,
    step: stepOf(askOf(fc.constantFrom(...mistakes)), eitherWay),
    see: wholly,
  },
}

type Place = { app: FastifyInstance; sql: Sql }

const open = async (t: Test, variant: VariantOf<'M1'>): Promise<Place> => {
  const { app, database } = await openShop(t, { scenarios: purchaseFlags(variant) })
  return { app, sql: adminOf(t, database) }
}

type Offered = { deal_id: string; product_id: string }

const store = async ({ sql }: Place, ids: Offered, { stock, limit }: Offer): Promise<void> => {
  const { deal_id, product_id } = ids
  await sql`
    insert into products (id, owner_id, name, price, stock, supplied)
    values (${product_id}, ${product_id}, 'Same', 900, 3, 3)`
  await sql`
    insert into deals (
      id, product_id, deal_price, deal_stock, remaining_stock, per_user_limit, starts_at, ends_at)
    values (
      ${deal_id}, ${product_id}, 500, ${stock}, ${stock}, ${limit}, now(), now() + interval '1 h')`
}

const linesOf = (own: Offered, other: Offered, { quantity, mistake }: Ask): Line[] => {
  const line = { ...own, quantity }
  if (mistake === 'another product') return [{ ...line, product_id: other.product_id }]
  if (mistake === 'no such product') return [{ ...line, product_id: randomUUID() }]
  if (mistake === 'no such deal') return [{ ...line, deal_id: randomUUID() }]
  if (mistake === 'no deal') return [{ ...line, deal_id: null }]
  return mistake === 'two deals' ? [line, { ...other, quantity: 1 }] : [line]
}

/** Runs a history on both. @throws AssertionError if their results differ */
const live = async (
  [one, other]: readonly [Place, Place],
  { send, see }: Way,
  [offers, steps]: [[Offer, Offer], Step[]],
): Promise<void> => {
  const [first, second] = [newDeal(), newDeal()]
  for (const place of [one, other]) {
    await store(place, first, offers[0])
    await store(place, second, offers[1])
  }
  const buyers = Array.from({ length: 4 }, () => randomUUID())
  const orders: ReservationRequest[] = []
  const [held, isVoid] = [new Set<string>(), new Set<string>()]
  // A released id that never held units is rejected, for any reason that applies to its lines.
  const seen = (result: Result): unknown =>
    isVoid.has(result.order_id) ? result.outcome : see(result)
  const requestOf = (ask: Ask): ReservationRequest =>
    orders[ask.repeated ?? -1] ?? {
      order_id: randomUUID(),
      user_id: buyers[ask.buyer] ?? '',
      lines: ask.deal === 0 ? linesOf(first, second, ask) : linesOf(second, first, ask),
    }
  for (const step of steps) {
    if ('asks' in step) {
      const requests = step.asks.map(requestOf)
      const expected = await oneByOne(one.app, requests)
      const results = await send(other.app, requests)
      assert.deepEqual(results.map(seen), expected.map(seen))
      orders.push(...requests)
      for (const { order_id, outcome } of expected) if (outcome === 'granted') held.add(order_id)
    } else {
      const { order_id } = orders[step.order] ?? { order_id: randomUUID() }
      if (step.kind === 'release' && !held.has(order_id)) isVoid.add(order_id)
      const settle = step.kind === 'release' ? release : confirm
      for (const { app } of [one, other]) await settle(app, order_id)
    }
  }
}

const newDeal = (): Offered => ({ deal_id: randomUUID(), product_id: randomUUID() })

/** One test for each way to send requests. The same seed gives the same histories. */
export const responsesAreEqual = async (
  t: Test,
  { seed, histories }: { seed: number; histories: number },
): Promise<void> => {
  const baseline = await open(t, 'baseline')
  for (const [title, way] of Object.entries(ways)) {
    await t.test(`${title}: the same results as the baseline`, async (t) => {
      const other = await open(t, way.variant)
      const history = fc.tuple(
        fc.tuple(offer, offer),
        fc.array(way.step, { minLength: 3, maxLength: 7 }),
      )
      await fc.assert(
        fc.asyncProperty(history, (given) => live([baseline, other], way, given)),
        { seed, numRuns: histories },
      )
      t.strictSame([...(await unaccounted(other.sql))], [], 'and every unit is accounted for')
    })
  }
}
