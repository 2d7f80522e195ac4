import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { randomFrom } from '@flash-deal/local/random'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import type { Act } from './acts/act.ts'
import { type Outcome, orderIdOf } from './answers.ts'
import { startBurst } from './burst.ts'
import { type Clients, clientsOf, type Entry, type Operation } from './clients.ts'
import { type Fault, idOf } from './faults.ts'
import type { Form } from './form.ts'
import { inParallel } from './in-parallel.ts'
import { inject, type Times } from './inject.ts'
import { acknowledgedOrders, contradictions } from './judge.ts'
import { type Plan, planOf, type Sale } from './plan.ts'
import { neglected, type Served, startPulse } from './pulse.ts'
import { resend, resolveUnknown } from './resolve.ts'
import { brokenAtRest, brokenUnderWay } from './rest.ts'
import { type Goods, offer, unitsLeft } from './shop.ts'
import type { SystemUnderTest } from './system-under-test.ts'
import { usualSale } from './usual-sale.ts'

export type Figures = {
  sent: number
  ok: number
  refused: number
  unknown: number
  resolvedOk: number
  resolvedRefused: number
  times: Times
}

export type Round = {
  figures?: Figures
  /** What broke, a sentence each. */
  broken: string[]
  /** Why the fault did not happen as it should. */
  inconclusive?: string
  history: readonly Entry[]
}

export type RoundOf = {
  fault: Fault
  form: Form
  seed: number
  /** Orders that are asked for, where the sale does not say how many. */
  requests: number
}

/**
 * One burst, one fault, and what became of every operation. Where the round fails, the system has
 * still to be mended.
 */
export const playRound = async (system: SystemUnderTest, given: RoundOf): Promise<Round> => {
  const { fault, seed, form } = given
  const sale = fault.sale ?? usualSale
  const requests = sale.requests?.[form] ?? given.requests
  const name = `${idOf(fault)}-${seed}`
  const plan = planOf(randomFrom(seed), sale, { requests, name })
  const clients = clientsOf(system.stack.url)
  try {
    const round = await inTime(play({ system, clients, fault, form, sale, plan, name }))
    return { ...round, history: clients.history }
  } catch (error) {
    return { broken: [sentenceOf(error)], history: clients.history }
  } finally {
    await clients.close()
  }
}

/** Far more than any round takes: one that hangs is not to keep the others waiting. */
const roundWithinMs = 300_000

const inTime = <Result>(work: Promise<Result>): Promise<Result> => {
  const late = sleep(roundWithinMs, undefined, { ref: false }).then(() => {
    throw new PlainError(`The round did not end within ${roundWithinMs / 1_000} s`)
  })
  return Promise.race([work, late])
}

type Play = {
  system: SystemUnderTest
  clients: Clients
  fault: Fault
  form: Form
  sale: Sale
  plan: Plan
  name: string
}

type Sold = {
  operations: readonly Operation[]
  resolved: readonly Operation[]
  inconclusive?: string
  times: Times
  served?: Served
}

const play = async (playing: Play): Promise<Omit<Round, 'history'>> => {
  const { system, fault, sale, plan } = playing
  const requests = plan.purchases.length
  const size = { requests, lengthMs: requests * system.msAPurchase }
  const goods = await offer(system.api, system.shop, sale, size)
  const act = (await fault.arrange?.({ ...system, goods })) ?? {}
  system.mend = () => tidyUp(act)
  const sold = await sell(playing, goods, act)
  system.mend = undefined
  await act.clear?.()
  const broken = await judge(playing, goods, sold.resolved)
  const { operations: first, resolved: last } = sold
  const outcome = sale.outcome?.({ first, last, units: goods.units })
  const inconclusive = sold.inconclusive ?? outcome?.inconclusive
  const left = fault.isServed && sold.served ? neglected(sold.served) : []
  return {
    broken: [...broken, ...(outcome?.broken ?? []), ...left],
    figures: figuresOf(sold),
    ...(inconclusive !== undefined && { inconclusive }),
  }
}

const tidyUp = async ({ mend, clear }: Act): Promise<void> => {
  try {
    await mend?.()
  } finally {
    await clear?.()
  }
}

/** The burst, what befalls it, and the answers in the end. */
const sell = async (playing: Play, goods: Goods, act: Act): Promise<Sold> => {
  const { system, clients, fault, form, sale, plan, name } = playing
  const buying = { clients, shop: system.shop, goods }
  const atMs = Math.round(plan.injectAt * plan.purchases.length * system.msAPurchase)
  const pulse = act.mend ? startPulse(buying, name) : undefined
  const burst = startBurst(buying, plan.purchases, sale.width)
  const lastsMs = fault.lastsMs?.[form] ?? 0
  const injected = inject({ system, clients, act, lastsMs, atMs, pulse }, burst)
  // The steady buyers go on until it is known when all was well again, and not for longer.
  const beats = injected.then(
    () => pulse?.stop() ?? [],
    () => pulse?.stop() ?? [],
  )
  const [{ operations: bursts, lengthMs }, beaten, how] = await Promise.all([
    burst.done,
    beats,
    injected,
  ])
  // Nothing has disturbed it: it is as good as a calibration.
  if (how.inconclusive !== undefined) system.msAPurchase = lengthMs / plan.purchases.length
  const operations = [...bursts, ...beaten]
  return { operations, resolved: await resolveUnknown(clients, operations), ...how }
}

const judge = async (
  { system, clients }: Play,
  goods: Goods,
  operations: readonly Operation[],
): Promise<string[]> => {
  system.acknowledged.push(...operations.flatMap(acknowledgedBy))
  const underWay = await brokenUnderWay(system)
  const replays = await resend(clients, operations)
  const atRest = await brokenAtRest(system)
  const orders = await readOrders(system, operations)
  const left = await unitsLeft(system.api, goods)
  const told = contradictions({ goods, operations, replays, orders, left })
  return [...new Set([...underWay, ...atRest, ...told])]
}

const acknowledgedBy = ({ call, purchase, outcome, reply }: Operation): Acknowledged[] => {
  if (outcome !== 'ok' || !('body' in reply)) return []
  const key = call === 'createOrder' ? { key: purchase.key } : {}
  return [{ orderId: orderIdOf(reply), answer: reply.body, ...key }]
}

const readersAtATime = 20

/** Each acknowledged order as its owner reads it. */
const readOrders = async (
  { api }: SystemUnderTest,
  operations: readonly Operation[],
): Promise<Map<string, string>> => {
  const read = async ({ token, reply }: Operation): Promise<[string, string]> => {
    const id = orderIdOf(reply)
    const answer = await api<{ status: string }>(`/orders/${id}`, { token, expect: [403, 404] })
    return [id, answer.status === 200 ? answer.body.status : `${answer.status}`]
  }
  return new Map(await inParallel(acknowledgedOrders(operations), readersAtATime, read))
}

const figuresOf = ({ operations, resolved, times }: Sold): Figures => {
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
    times,
  }
}
