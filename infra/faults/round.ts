import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { randomFrom } from '@flash-deal/local/random'
import { within } from '@flash-deal/service'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { startBurst } from './burst.ts'
import { type Clients, clientsOf, type Entry, type Operation } from './clients.ts'
import { defaultSale } from './default-sale.ts'
import { type Fault, idOf } from './faults.ts'
import type { Form } from './form.ts'
import { inParallel } from './in-parallel.ts'
import { inject, type Times } from './inject.ts'
import type { PreparedFault } from './injections/prepared-fault.ts'
import { brokenAtRest, brokenDuringWork } from './invariant-checks.ts'
import { acknowledgedOrders, contradictions } from './judge.ts'
import { createOffer, type Offer, unitsLeft } from './offer.ts'
import { type Plan, planOf, type Sale } from './plan.ts'
import { type Outcome, orderIdOf } from './replies.ts'
import { resend, resolveUnknown } from './resolve.ts'
import { poorlyServed, type Served, startSteadyLoad } from './steady-load.ts'
import type { SystemUnderTest } from './system-under-test.ts'

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
  /** One sentence per violation. */
  broken: string[]
  /** Why the fault was not injected as planned. */
  inconclusive?: string
  history: readonly Entry[]
}

export type RoundOptions = {
  fault: Fault
  form: Form
  seed: number
  /** Number of orders, if the sale does not define it. */
  requests: number
}

/**
 * Runs one burst with one fault and checks the outcome of every operation. If the round fails, the
 * caller still has to call `system.recover`.
 */
export const runRound = async (system: SystemUnderTest, given: RoundOptions): Promise<Round> => {
  const { fault, seed, form } = given
  const sale = fault.sale ?? defaultSale
  const requests = sale.requests?.[form] ?? given.requests
  const name = `${idOf(fault)}-${seed}`
  const plan = planOf(randomFrom(seed), sale, { requests, name })
  const clients = clientsOf(system.stack.url)
  try {
    const sold = runSale({ system, clients, fault, form, sale, plan, name })
    const round = await within(roundWithinMs, sold, tookTooLong)
    return { ...round, history: clients.history }
  } catch (error) {
    return { broken: [sentenceOf(error)], history: clients.history }
  } finally {
    await clients.close()
  }
}

/** Much longer than any round takes. A round that hangs must not block the others. */
const roundWithinMs = 300_000

const tookTooLong = (): PlainError =>
  new PlainError(`The round did not end within ${roundWithinMs / 1_000} s`)

type RoundContext = {
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

const runSale = async (context: RoundContext): Promise<Omit<Round, 'history'>> => {
  const { system, fault, sale, plan } = context
  const requests = plan.purchases.length
  const size = { requests, lengthMs: requests * system.msPerPurchase }
  const offer = await createOffer(system.api, system.users, sale, size)
  const prepared = (await fault.prepare?.({ ...system, offer })) ?? {}
  system.recover = () => endFault(prepared)
  const sold = await sell(context, offer, prepared)
  system.recover = undefined
  await prepared.cleanup?.()
  const broken = await judge(context, offer, sold.resolved)
  const { operations: first, resolved: last } = sold
  const outcome = sale.outcome?.({ first, last, units: offer.units })
  const inconclusive = sold.inconclusive ?? outcome?.inconclusive
  const unserved = fault.isServed && sold.served ? poorlyServed(sold.served) : []
  return {
    broken: [...broken, ...(outcome?.broken ?? []), ...unserved],
    figures: figuresOf(sold),
    ...(inconclusive !== undefined && { inconclusive }),
  }
}

const endFault = async ({ recover, cleanup }: PreparedFault): Promise<void> => {
  try {
    await recover?.()
  } finally {
    await cleanup?.()
  }
}

/** Runs the burst, injects the fault and resolves unknown outcomes. */
const sell = async (
  context: RoundContext,
  offer: Offer,
  prepared: PreparedFault,
): Promise<Sold> => {
  const { system, clients, fault, form, sale, plan, name } = context
  const buying = { clients, users: system.users, offer }
  const atMs = Math.round(plan.injectAt * plan.purchases.length * system.msPerPurchase)
  const steadyLoad = prepared.recover ? startSteadyLoad(buying, name) : undefined
  const burst = startBurst(buying, plan.purchases, sale.width)
  const lastsMs = fault.lastsMs?.[form] ?? 0
  const injected = inject({ system, clients, prepared, lastsMs, atMs, steadyLoad }, burst)
  // The steady load runs until the service is back to normal or the wait has timed out.
  const steady = injected.then(
    () => steadyLoad?.stop() ?? [],
    () => steadyLoad?.stop() ?? [],
  )
  const [{ operations: bursts, lengthMs }, steadyOperations, injection] = await Promise.all([
    burst.done,
    steady,
    injected,
  ])
  // No fault was injected, so this burst serves as a calibration.
  if (injection.inconclusive !== undefined) system.msPerPurchase = lengthMs / plan.purchases.length
  const operations = [...bursts, ...steadyOperations]
  return { operations, resolved: await resolveUnknown(clients, operations), ...injection }
}

const judge = async (
  { system, clients }: RoundContext,
  offer: Offer,
  operations: readonly Operation[],
): Promise<string[]> => {
  system.acknowledged.push(...operations.flatMap(acknowledgedBy))
  const inProgress = await brokenDuringWork(system)
  const replays = await resend(clients, operations)
  const atRest = await brokenAtRest(system)
  const orders = await readOrders(system, operations)
  const left = await unitsLeft(system.api, offer)
  const contradicted = contradictions({ offer, operations, replays, orders, left })
  return [...new Set([...inProgress, ...atRest, ...contradicted])]
}

const acknowledgedBy = ({ call, purchase, outcome, reply }: Operation): Acknowledged[] => {
  if (outcome !== 'ok' || !('body' in reply)) return []
  const key = call === 'createOrder' ? { key: purchase.key } : {}
  return [{ orderId: orderIdOf(reply), answer: reply.body, ...key }]
}

const concurrentReads = 20

/** The status of each acknowledged order, read by its owner. */
const readOrders = async (
  { api }: SystemUnderTest,
  operations: readonly Operation[],
): Promise<Map<string, string>> => {
  const read = async ({ token, reply }: Operation): Promise<[string, string]> => {
    const id = orderIdOf(reply)
    const response = await api<{ status: string }>(`/orders/${id}`, { token, expect: [403, 404] })
    return [id, response.status === 200 ? response.body.status : `${response.status}`]
  }
  return new Map(await inParallel(acknowledgedOrders(operations), concurrentReads, read))
}

const figuresOf = ({ operations, resolved, times }: Sold): Figures => {
  const count = (outcome: Outcome) => operations.filter((each) => each.outcome === outcome).length
  const resolvedAs = (outcome: Outcome) =>
    resolved.filter((each) => each.outcome === outcome).length - count(outcome)
  return {
    sent: operations.length,
    ok: count('ok'),
    refused: count('refused'),
    unknown: count('unknown'),
    resolvedOk: resolvedAs('ok'),
    resolvedRefused: resolvedAs('refused'),
    times,
  }
}
