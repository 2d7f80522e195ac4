import { sentenceOf } from '@flash-deal/local/plain-error'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { type Outcome, orderIdOf } from './answers.ts'
import type { Bench } from './bench.ts'
import { startBurst } from './burst.ts'
import { type Clients, clientsOf, type Entry, type Operation, width } from './clients.ts'
import type { Fault } from './faults.ts'
import { inParallel } from './in-parallel.ts'
import { acknowledgedOrders, contradictions } from './judge.ts'
import { type Plan, planOf } from './plan.ts'
import { type Random, randomFrom } from './random.ts'
import { resend, resolveUnknown } from './resolve.ts'
import { brokenAtRest, brokenUnderWay } from './rest.ts'
import { buyersCount, type Goods, offer, unitsLeft } from './shop.ts'
import { strike } from './strike.ts'

export type Figures = {
  sent: number
  ok: number
  refused: number
  unknown: number
  resolvedOk: number
  resolvedRefused: number
  atMs: number
  backAfterMs: number
}

export type Round = {
  figures?: Figures
  /** What broke, a sentence each. */
  broken: string[]
  /** Why the fault did not happen as it should. */
  void?: string
  history: readonly Entry[]
}

export type RoundOf = { fault: Fault; seed: number; requests: number }

/** One burst, one fault, and what became of every operation. */
export const playRound = async (
  bench: Bench,
  { fault, seed, requests }: RoundOf,
): Promise<Round> => {
  const random = randomFrom(seed)
  const name = `${fault.kind}-${fault.target}-${seed}`
  const plan = planOf(random, { requests, buyers: buyersCount, name })
  const clients = clientsOf(bench.stack.url)
  try {
    return { ...(await play({ bench, clients, fault, random, plan })), history: clients.history }
  } catch (error) {
    return { broken: [sentenceOf(error)], history: clients.history }
  } finally {
    await clients.close()
  }
}

type Play = { bench: Bench; clients: Clients; fault: Fault; random: Random; plan: Plan }

const play = async (playing: Play): Promise<Omit<Round, 'history'>> => {
  const { bench, clients, plan } = playing
  const goods = await offer(bench.api, bench.shop, plan.purchases.length)
  const burst = startBurst({ clients, shop: bench.shop, goods }, plan.purchases)
  const atMs = plan.strikeAt * plan.purchases.length * bench.msAPurchase
  const [{ operations, lengthMs }, struck] = await Promise.all([
    burst.done,
    strike({ ...playing, atMs }, burst),
  ])
  const resolved = await resolveUnknown(clients, operations)
  const broken = await judge(playing, goods, resolved)
  if (struck.void === undefined) return { broken, figures: figuresOf(operations, resolved, struck) }
  // Nothing has disturbed it: it is as good as a calibration.
  bench.msAPurchase = lengthMs / plan.purchases.length
  return { broken, void: struck.void, figures: figuresOf(operations, resolved, struck) }
}

const judge = async (
  { bench, clients }: Play,
  goods: Goods,
  operations: readonly Operation[],
): Promise<string[]> => {
  bench.acknowledged.push(...operations.flatMap(acknowledgedBy))
  const underWay = await brokenUnderWay(bench)
  const replays = await resend(clients, operations)
  const atRest = await brokenAtRest(bench)
  const orders = await readOrders(bench, operations)
  const left = await unitsLeft(bench.api, goods)
  const told = contradictions({ goods, operations, replays, orders, left })
  return [...new Set([...underWay, ...atRest, ...told])]
}

const acknowledgedBy = ({ call, purchase, outcome, reply }: Operation): Acknowledged[] => {
  if (outcome !== 'ok' || !('body' in reply)) return []
  const key = call === 'createOrder' ? { key: purchase.key } : {}
  return [{ orderId: orderIdOf(reply), answer: reply.body, ...key }]
}

/** Each acknowledged order as its owner reads it. */
const readOrders = async (
  { api }: Bench,
  operations: readonly Operation[],
): Promise<Map<string, string>> => {
  const read = async ({ token, reply }: Operation): Promise<[string, string]> => {
    const id = orderIdOf(reply)
    const answer = await api<{ status: string }>(`/orders/${id}`, { token, expect: [403, 404] })
    return [id, answer.status === 200 ? answer.body.status : `${answer.status}`]
  }
  return new Map(await inParallel(acknowledgedOrders(operations), width, read))
}

const figuresOf = (
  operations: readonly Operation[],
  resolved: readonly Operation[],
  { atMs, backAfterMs }: Pick<Figures, 'atMs' | 'backAfterMs'>,
): Figures => {
  const count = (outcome: Outcome) => operations.filter((each) => each.outcome === outcome).length
  const became = (outcome: Outcome) =>
    resolved.filter((each) => each.outcome === outcome).length - count(outcome)
  return {
    sent: operations.length,
    ok: count('ok'),
    refused: count('refused'),
    unknown: count('unknown'),
    resolvedOk: became('ok'),
    resolvedRefused: became('refused'),
    atMs: Math.round(atMs),
    backAfterMs: Math.round(backAfterMs),
  }
}
