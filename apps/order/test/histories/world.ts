import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { VariantOf } from '@flash-deal/config'
import type { Topic } from '@flash-deal/contracts/events'
import type { Event } from '@flash-deal/messaging'
import { AdaptiveLimit } from '@flash-deal/service'
import type { Test } from '@flash-deal/testing'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { storePending } from '../../src/scenarios/h2-async-order/accepting.ts'
import { reserveFirst } from '../../src/scenarios/h2-async-order/optimized.ts'
import { queueFirst } from '../../src/scenarios/h2-async-order/queue-first.ts'
import type { StorePending } from '../../src/scenarios/h2-async-order/seam.ts'
import { storeBatch } from '../../src/scenarios/m8-order-inserts/optimized.ts'
import { newOrderFrom } from '../../src/storage/new-order.ts'
import {
  buy,
  cancel,
  type DealLine,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  read,
  type Shop,
  settle,
} from '../order-and-product.ts'
import { SimulatedLog } from './simulated-log.ts'
import { Actor, done, stepThroughCalls, stepThroughDatabase, type Turn } from './steps.ts'

/** Order and product, and the events of a history, which run one after the other. */

export type Offer = { stock: number; limit: number | undefined; past: Past }

/** The state of the first client's key at the start of a history, so that rare states are frequent. */
export const pasts = [
  'nothing',
  'given up',
  'given up, its order still on its way',
  'two about to take it over',
  'void in order and held in product',
] as const

type Past = (typeof pasts)[number]

/** A key has one draft, so requests with the same key are equal. */
export type Key = 'a' | 'b' | undefined

type Seen = LightMyRequestResponse
type Bought = { client: number; key: Key; answer: Seen }
/** A used key. It includes the day, because after a day a key can create another order. */
type Tried = { client: number; key: Key; day: number }

/** The responses that a client may receive. Any other one is an error, above all 500. */
const legal: readonly string[] = [
  ...['201', '202', '400 INSUFFICIENT_STOCK', '409 DEAL_NOT_ACTIVE', '409 PURCHASE_LIMIT_EXCEEDED'],
  ...['409 IDEMPOTENCY_IN_PROGRESS', '200', '400 INVALID_ORDER_STATE'],
  ...['503 SERVICE_UNAVAILABLE', '504 DEADLINE_EXCEEDED'],
]

const codeOf = ({ statusCode, body }: Seen): string =>
  statusCode < 300 ? String(statusCode) : `${statusCode} ${JSON.parse(body).error}`

/** Responses that leave the outcome of the key open. */
const openCodes = ['409 IDEMPOTENCY_IN_PROGRESS', '503 SERVICE_UNAVAILABLE']

/** With H2 there is also a log. */
export type World = Shop & { log?: SimulatedLog }

export type WorldVariants = { M8?: VariantOf<'M8'>; H2?: VariantOf<'H2'> }

/** No broker listens there: events are appended to the simulated log. */
const kafka = { KAFKA_BROKERS: '127.0.0.1:9' }
const hour = '3600000'
const rare = { PENDING_RETRY_MS: hour, RECOVERY_INTERVAL_MS: '600000' }

/** Starts the two services so that actors run in them step by step. */
export const openWorld = async (
  t: Test,
  { M8 = 'baseline', H2 = 'baseline' }: WorldVariants = {},
): Promise<World> => {
  const isAsync = H2 !== 'baseline'
  neverRefuse(t)
  const shop = await openShop(t, {
    scenarios: { M8, H2 },
    order: {
      DEADLINE_MS: '60000',
      CLAIM_LEASE_MS: '600000',
      ...(isAsync && { ...kafka, ...rare }),
    },
    product: { RESERVATION_TTL_MS: hour, ...(isAsync && kafka) },
  })
  for (const app of [shop.order, shop.product]) stepThroughDatabase(app)
  stepThroughCalls(shop.order.productClient, ['reserve', 'release', 'confirm'])
  stepThroughCalls(shop.product.orderClient, ['call'])
  if (M8 === 'optimized') storeAlone(shop.order)
  return isAsync ? { ...shop, log: simulatedLogOf(shop.order, H2) } : shop
}

/** The requests of dead actors stay in progress; in reality they end with their process. */
const neverRefuse = (t: Test): void => {
  const { refusal } = AdaptiveLimit.prototype
  AdaptiveLimit.prototype.refusal = () => undefined
  t.teardown(() => {
    AdaptiveLimit.prototype.refusal = refusal
  })
}

const asyncVariants = { optimized: reserveFirst, 'queue-first': queueFirst }

/** Appends are steps, and every pending order is stored by a separate statement, as with M8. */
const simulatedLogOf = (
  app: FastifyInstance,
  variant: keyof typeof asyncVariants,
): SimulatedLog => {
  const log = new SimulatedLog()
  stepThroughCalls(log, ['append', 'commit'])
  const append: SimulatedLog['append'] = (...event) => log.append(...event)
  Object.defineProperty(app.messaging?.log, 'append', { value: append })
  const store: StorePending = async (order) => {
    const [stored] = await storePending(app.db, [order])
    if (stored === undefined) throw new Error('A batch has a result for each order.')
    return stored
  }
  app.takeOrder = asyncVariants[variant]({ app, queueMax: 1, timeoutMs: 1, store })
  return log
}

/**
 * Every order is a separate batch, so that its statement is a step of its actor. Otherwise an actor
 * that dies would stop the queue of a process in which other actors continue.
 */
const storeAlone = (order: FastifyInstance): void => {
  order.storeOrder = async (attempt, lines) => {
    const [stored] = await storeBatch(order.db, [newOrderFrom(attempt, lines)])
    if (stored === undefined) throw new Error('A batch has a result for each order.')
    return stored
  }
}

/** The step that stores an order. */
const storingIn = ({ log, scenarios: { M8 } }: World): string => {
  if (log) return 'order_accept'
  return M8 === 'optimized' ? 'order_store' : 'transaction'
}

/** As if the last append of every pending order were long ago. */
const appendedLongAgo = `
  update orders.orders set appended_at = appended_at - interval '2 hours' where status = 'pending'`

/** Batches of a hundred. Records that remain after them are found by the checker. */
const batchesMax = 20

const consumeAll = async ({ log, order, product }: World): Promise<void> => {
  for (let batch = 0; batch < batchesMax; batch++) {
    await log?.consume('orders-accepted', 100, (events) => order.pendingOrders.decide(events))
    await log?.consume('order-events', 100, (events) => product.applyOrderEvents(events))
  }
}

/** Appends, consumes, relays and sweeps until nothing is left. */
const rest = async (world: World): Promise<void> => {
  await settle(world)
  if (!world.log) return
  await world.sql.unsafe(appendedLongAgo)
  await world.order.pendingOrders.recover()
  await consumeAll(world)
  await settle(world)
  await consumeAll(world)
}

/** Deletes all data, so that a failing history can be repeated alone. */
const empty = async ({ sql, log }: World): Promise<void> => {
  log?.clear()
  // Much faster than truncate for few rows.
  await sql`
    delete from orders.order_items;
    delete from orders.orders;
    delete from orders.claims;
    delete from orders.outbox;
    delete from product.inbox;
    delete from product.reservation_lines;
    delete from product.reservations;
    delete from product.deal_buyers;
    delete from product.deals;
    delete from product.products`.simple()
}

/** Makes all rows older than the age at which they are deleted. */
const aDayLater = `
  update orders.claims set
    lease_until = lease_until - interval '25 hours', created_at = created_at - interval '25 hours';
  update orders.orders set
    created_at = created_at - interval '25 hours', updated_at = updated_at - interval '25 hours';
  update product.reservations set
    expires_at = expires_at - interval '25 hours', created_at = created_at - interval '25 hours',
    updated_at = updated_at - interval '25 hours'`

/** The states that a buyer may read after a state. */
const after: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending', 'confirmed', 'rejected', 'cancelled'],
  confirmed: ['confirmed', 'cancelled'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
}

const isAcknowledged = ({ answer: { statusCode } }: Bought): boolean =>
  statusCode === 201 || statusCode === 202

/** One history, from an empty database until all work has ended. */
export class History {
  readonly #shop: World
  readonly #lines: { deal: DealLine; product: string }
  readonly #clients = [randomUUID(), randomUUID()]
  readonly #actors: Actor[] = []
  readonly #late: (() => Promise<unknown>)[] = []
  readonly #bought: Bought[] = []
  readonly #cancelled: { order: Order; answer: Seen }[] = []
  readonly #tried: Tried[] = []
  readonly #complaints: string[] = []
  /** The states of orders that buyers read last. */
  readonly #seen = new Map<string, string>()
  /** The start of each day except the first. */
  readonly #days: Date[] = []

  private constructor(shop: World, lines: { deal: DealLine; product: string }) {
    this.#shop = shop
    this.#lines = lines
  }

  static async begin(shop: World, { stock, limit, past }: Offer): Promise<History> {
    await empty(shop)
    const deal = await offerDeal(shop, {
      deal_stock: stock,
      ...(limit !== undefined && { per_user_limit: limit }),
    })
    const history = new History(shop, { deal, product: await offerProduct(shop, { stock }) })
    await history.#live(past)
    return history
  }

  async #live(past: Past): Promise<void> {
    if (past === 'void in order and held in product') await this.#dieTwice()
    if (past === 'given up, its order still on its way') await this.#giveUpLate()
    if (past === 'given up' || past === 'two about to take it over') await this.#giveUp()
    if (past === 'two about to take it over') {
      for (const buyer of [await this.buy(0, 'a'), await this.buy(0, 'a')]) {
        await buyer.takeUntil('release', done)
      }
    }
  }

  async #giveUp(): Promise<void> {
    const buyer = await this.buy(0, 'a')
    await buyer.takeUntil('reserve', { fate: 'lost', dies: false })
    await buyer.takeUntil('answer', done)
  }

  /** The order is stored later, if its id is still free then. */
  async #giveUpLate(): Promise<void> {
    const buyer = await this.buy(0, 'a')
    await buyer.takeUntil(storingIn(this.#shop), { fate: 'late', dies: false })
    await buyer.takeUntil('answer', done)
  }

  /** The buyer dies after product has reserved, and the sweep after order has stored the void. */
  async #dieTwice(): Promise<void> {
    const buyer = await this.buy(0, 'a')
    await buyer.takeUntil('reserve', { fate: 'done', dies: true })
    const sweep = await this.sweep()
    await sweep.takeUntil('call', { fate: 'done', dies: true })
  }

  /** A client sends createOrder. */
  async buy(client: number, key: Key): Promise<Actor> {
    this.#tried.push({ client, key, day: this.#days.length })
    return this.#act(
      `client ${client} buys under ${key}`,
      () => this.#send(client, key),
      (answer) => this.#see({ client, key, answer }),
    )
  }

  /** A buyer cancels one of the acknowledged orders. */
  async cancel(index: number): Promise<void> {
    const orders = this.#acknowledged()
    const order = orders[index % orders.length]
    if (!order) return
    await this.#act(
      `cancel of ${order.id}`,
      () => cancel(this.#shop.order, order.user_id, order.id),
      (answer) => {
        this.#complainUnlessLegal(answer)
        this.#cancelled.push({ order, answer })
      },
    )
  }

  /** All holds expire, and a round of the sweep starts. */
  async sweep(): Promise<Actor> {
    await this.#shop.sql`update product.reservations set expires_at = now() where state = 'held'`
    return this.#act(
      'sweep',
      () => this.#shop.product.sweep(),
      () => {},
    )
  }

  /** All events become due, and a round of the relay starts. */
  async relay(): Promise<void> {
    await this.#shop.sql`update orders.outbox set next_attempt_at = now()`
    await this.#act(
      'relay',
      () => this.#shop.order.relayOutbox(),
      () => {},
    )
  }

  /** Processes a batch of a topic: accepted orders, or the events of orders. */
  async consume(topic: Topic, size: number): Promise<void> {
    const { log, order, product } = this.#shop
    const handle = (events: readonly Event[]) =>
      topic === 'orders-accepted'
        ? order.pendingOrders.decide(events)
        : product.applyOrderEvents(events)
    await this.#act(
      `consumer of ${topic}`,
      async () => log?.consume(topic, size, handle),
      () => {},
    )
  }

  /** Every pending order becomes due for the recovery, and a round of it starts. */
  async recover(): Promise<void> {
    await this.#shop.sql.unsafe(appendedLongAgo)
    await this.#act(
      'recovery',
      () => this.#shop.order.pendingOrders.recover(),
      () => {},
    )
  }

  /** A buyer reads an acknowledged order. */
  async look(index: number): Promise<void> {
    const orders = this.#acknowledged()
    const order = orders[index % orders.length]
    if (order) await this.#lookAt(order)
  }

  /** The order exists, in the state that was read last or a later one. */
  async #lookAt({ id, user_id, status }: Order): Promise<void> {
    const answer = await read(this.#shop.order, user_id, id)
    const before = this.#seen.get(id) ?? status
    const now = answer.statusCode === 200 ? answer.json<Order>().status : answer.body
    if (!(after[before] ?? []).includes(now)) {
      this.#complaints.push(`Order ${id} was ${before} and reads ${now}`)
    }
    this.#seen.set(id, now)
  }

  /** A round of the retention of both services starts. */
  async retain(): Promise<void> {
    await this.#act(
      'retention',
      async () => {
        await this.#shop.order.deleteOld()
        await this.#shop.product.deleteOld()
      },
      () => {},
    )
  }

  /**
   * A day passes: running actors end and late steps are executed. Open orders and events stay open,
   * because relay and sweep may be stopped for longer.
   */
  async dayPasses(): Promise<void> {
    await this.#allArrive()
    await this.#shop.sql.unsafe(aDayLater)
    this.#days.push(new Date())
  }

  /** An actor takes some steps, the last of them with the given fate. */
  async step(index: number, steps: number, turn: Turn): Promise<void> {
    const going = this.#actors.filter(({ isOver }) => !isOver)
    const actor = going[index % going.length]
    for (let step = 1; step < steps; step++) await actor?.take(done)
    await actor?.take(turn)
  }

  /** A late step is executed. */
  async arrive(index: number): Promise<void> {
    const [arriving] = this.#late.splice(index % Math.max(1, this.#late.length), 1)
    await arriving?.().catch(() => {})
  }

  /** All leases end. */
  async leasesEnd(): Promise<void> {
    await this.#shop.sql`update orders.claims set lease_until = now() where lease_until > now()`
  }

  async dealEnds(): Promise<void> {
    await this.#shop.sql`
      update product.deals set ends_at = greatest(starts_at + interval '1 second', now())`
  }

  /**
   * All actors finish, all late steps are executed, clients retry. Returns the errors found then.
   */
  async end(): Promise<string[]> {
    await this.#allArrive()
    await rest(this.#shop)
    await this.leasesEnd()
    for (const client of [0, 1]) {
      for (const key of this.#keysOf(client))
        if (key !== undefined) await this.#resolve(client, key)
    }
    await rest(this.#shop)
    return [...this.#complaints, ...(await this.#broken()), ...(await this.#misread())]
  }

  async #allArrive(): Promise<void> {
    for (const actor of this.#actors) while (!actor.isOver) await actor.take(done)
    while (this.#late.length > 0) await this.arrive(0)
  }

  async #act<Answer>(
    name: string,
    work: () => Promise<Answer>,
    see: (answer: Answer) => void,
  ): Promise<Actor> {
    const actor = new Actor(name, this.#late)
    this.#actors.push(actor)
    await actor.begin(work, see)
    return actor
  }

  #send(client: number, key: Key): Promise<Seen> {
    const { deal, product } = this.#lines
    const items = key === 'b' ? [deal, { product_id: product, quantity: 1 }] : [deal]
    return buy(this.#shop.order, String(this.#clients[client]), { items }, key)
  }

  #see(bought: Bought): void {
    const { client, answer } = bought
    this.#complainUnlessLegal(answer)
    this.#complainOfAnotherAnswer(bought)
    if (codeOf(answer) === '409 PURCHASE_LIMIT_EXCEEDED' && this.#isOneWish(client)) {
      this.#complaints.push(`Client ${client} is refused for what it bought under the same key`)
    }
    this.#bought.push(bought)
  }

  /** Two orders under one key are an error unless they are of different days. */
  #complainOfAnotherAnswer({ client, key, answer }: Bought): void {
    if (key === undefined || !isAcknowledged({ client, key, answer })) return
    const before = this.#bought
      .filter((each) => each.client === client && each.key === key && isAcknowledged(each))
      .map((each) => each.answer)
      .find((each) => this.#dayOf(each) === this.#dayOf(answer))
    if (!before || before.body === answer.body) return
    this.#complaints.push(`Key ${key} was answered ${before.body} and later ${answer.body}`)
  }

  /** The day on which the order was created. */
  #dayOf(answer: Seen): number {
    const createdAt = new Date(answer.json<Order>().created_at)
    return this.#days.filter((begin) => begin < createdAt).length
  }

  /** The keys of today only. */
  #keysOf(client: number): Set<Key> {
    const its = this.#tried.filter(
      (each) => each.client === client && each.day === this.#days.length,
    )
    return new Set(its.map(({ key }) => key))
  }

  /** Whether a client has tried nothing but one purchase, under one key on one day. */
  #isOneWish(client: number): boolean {
    const its = this.#tried.filter((each) => each.client === client)
    const isKeyed = its.every(({ key }) => key !== undefined)
    return isKeyed && new Set(its.map(({ key, day }) => `${key} on day ${day}`)).size === 1
  }

  #complainUnlessLegal(answer: Seen): void {
    const code = codeOf(answer)
    if (!legal.includes(code)) this.#complaints.push(`A client was answered ${code}`)
  }

  #acknowledged(): Order[] {
    return this.#bought.filter(isAcknowledged).map(({ answer }) => answer.json<Order>())
  }

  /** Repeats a key until it has a definite response. */
  async #resolve(client: number, key: Key): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const answer = await this.#send(client, key)
      this.#see({ client, key, answer })
      if (!openCodes.includes(codeOf(answer))) return
      await this.leasesEnd()
    }
    this.#complaints.push(`Key ${key} of client ${client} gets no answer`)
  }

  #broken(): Promise<string[]> {
    const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } =
      this.#shop.database.urls
    const acknowledged = this.#bought
      .filter(isAcknowledged)
      .map(({ key, answer }): Acknowledged => {
        const { id: orderId } = answer.json<Order>()
        return { orderId, answer: answer.body, ...(key !== undefined && { key }) }
      })
    const accepted = acknowledged.map(({ orderId }) => orderId)
    return brokenInvariants({ productUrl, orderUrl, atRest: true, acknowledged, accepted })
  }

  /** With H2, names and prices may be those of a later grant. */
  #hasItemsOf(acknowledged: Order, stored: Order): boolean {
    const itemsOf = ({ items }: Order) =>
      this.#shop.log
        ? items.map(({ id, product_id, deal_id, quantity }) => [id, product_id, deal_id, quantity])
        : items
    return isDeepStrictEqual(itemsOf(stored), itemsOf(acknowledged))
  }

  /** Acknowledged orders that clients do not find. */
  async #misread(): Promise<string[]> {
    const complaints: string[] = []
    for (const order of this.#acknowledged()) {
      const stored = await read(this.#shop.order, order.user_id, order.id)
      if (stored.statusCode !== 200 || !this.#hasItemsOf(order, stored.json<Order>())) {
        complaints.push(`Order ${order.id} was acknowledged and reads ${stored.body}`)
      }
    }
    const cancelled = this.#cancelled.filter(({ answer }) => answer.statusCode === 200)
    const ids = cancelled.map(({ order }) => order.id)
    if (new Set(ids).size < ids.length) complaints.push('An order was cancelled twice.')
    for (const { order } of cancelled) {
      const stored = await read(this.#shop.order, order.user_id, order.id)
      if (stored.json<Order>().status !== 'cancelled') {
        complaints.push(`Order ${order.id} was cancelled and reads ${stored.body}`)
      }
    }
    return complaints
  }
}
