import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from '@flash-deal/local/api-client'
import { PlainError } from '@flash-deal/local/plain-error'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { type Clients, clientsOf, type Operation } from '../clients.ts'
import { defaultSale } from '../default-sale.ts'
import { inParallel } from '../in-parallel.ts'
import { createOffer, type Offer, orderRequest, type Users } from '../offer.ts'
import type { Purchase } from '../purchase.ts'
import { orderIdOf } from '../replies.ts'
import { resolveUnknown } from '../resolve.ts'
import { createUsers, tokenSettings } from '../users.ts'
import type { AsyncFault } from './async-faults.ts'

/** A sale with H2 and a fault, and the checks after every order is decided. */

export type AsyncSystem = { stack: Stack; api: Client; users: Users }

const settings = {
  SCENARIO_M1: 'optimized',
  SCENARIO_H1: 'optimized',
  DEADLINE_MS: '3000',
  QUERY_TIMEOUT_MS: '1000',
  CLAIM_LEASE_MS: '1000',
  RESERVATION_TTL_MS: '1000',
  SWEEP_INTERVAL_MS: '200',
  RELAY_INTERVAL_MS: '100',
  PENDING_RETRY_MS: '1000',
  RECOVERY_INTERVAL_MS: '200',
  DRAIN_MS: '0',
  LOG_LEVEL: 'error',
}

/** @param variant of H2 */
export const openAsyncSystem = async (variant: string): Promise<AsyncSystem> => {
  const stack = await startStack({
    settings: { ...settings, ...tokenSettings(), SCENARIO_H2: variant },
  })
  const api = createClient(stack.url)
  return { stack, api, users: await createUsers(api, stack) }
}

export type AsyncOutcome = {
  /** One sentence per violation. */
  broken: string[]
  /** Why the fault had no effect. */
  inconclusive?: string
  accepted: number
  confirmed: number
  rejected: number
}

type Sale = { fault: AsyncFault; requests: number }

const width = 25

/** Sells, injects the fault after a third of the orders, and waits until every order is decided. */
export const runAsyncSale = async (
  system: AsyncSystem,
  { fault, requests }: Sale,
): Promise<AsyncOutcome> => {
  const offer = await createOffer(system.api, system.users, defaultSale, { requests, lengthMs: 0 })
  const prepared = await fault.prepare({ ...system, offer })
  const clients = clientsOf(system.stack.url)
  try {
    const { operations, inconclusive } = await sell(
      system,
      clients,
      offer,
      { fault, requests },
      prepared,
    )
    await prepared.cleanup?.()
    const outcome = await judge(system, operations)
    return { ...outcome, ...(inconclusive !== undefined && { inconclusive }) }
  } finally {
    await clients.close()
  }
}

type Prepared = Awaited<ReturnType<AsyncFault['prepare']>>

const sell = async (
  { users }: AsyncSystem,
  clients: Clients,
  offer: Offer,
  { fault, requests }: Sale,
  prepared: Prepared,
) => {
  const injectAt = Math.floor(requests / 3)
  const reached = Promise.withResolvers<void>()
  const buy = async (index: number): Promise<Operation> => {
    if (index === injectAt) reached.resolve()
    const operation = await clients.send(orderRequest(users, offer, purchaseOf(fault.name, index)))
    // Real buyers also wait after a missing response.
    if (operation.outcome === 'unknown') await sleep(100)
    return operation
  }
  const injected = reached.promise.then(async () => {
    const inconclusive = await prepared.inject?.()
    await sleep(fault.lastsMs ?? 0)
    await prepared.recover?.()
    return inconclusive
  })
  const indexes = Array.from({ length: requests }, (_, index) => index)
  const [first, inconclusive] = await Promise.all([inParallel(indexes, width, buy), injected])
  return { operations: await resolveUnknown(clients, first), inconclusive }
}

const purchaseOf = (name: string, index: number): Purchase => ({
  key: `${name}-${index}`,
  buyer: index,
  kinds: index % 4 === 0 ? ['deal', 'product'] : ['deal'],
  quantity: 1,
  resends: false,
})

const decidedWithinMs = 90_000
/** A read of 25 pending orders takes 150 ms of CPU, and a consumer may need seconds to join again. */
const pollMs = 1_000

const judge = async (
  { stack, api }: AsyncSystem,
  operations: readonly Operation[],
): Promise<Omit<AsyncOutcome, 'inconclusive'>> => {
  const accepted = operations.filter(({ outcome }) => outcome === 'ok')
  const strange = operations.filter(({ outcome }) => !['ok', 'refused'].includes(outcome))
  const statuses = await inParallel(accepted, width, (operation) => decided(api, operation))
  const count = (status: string) => statuses.filter((each) => each === status).length
  const unread = statuses.filter((each) => !['confirmed', 'rejected'].includes(each))
  const acknowledged = accepted.map(({ reply, purchase: { key } }) => ({
    ...{ orderId: orderIdOf(reply), key },
    ...('body' in reply && { answer: reply.body }),
  }))
  const ids = acknowledged.map(({ orderId }) => orderId)
  return {
    broken: [
      ...strange.map(({ purchase, outcome }) => `Key ${purchase.key}: its outcome is ${outcome}`),
      ...unread.map((status) => `An accepted order is ${status}`),
      ...(await brokenAtRest(stack, { acknowledged, accepted: ids })),
    ],
    ...{ accepted: accepted.length, confirmed: count('confirmed'), rejected: count('rejected') },
  }
}

/** The status of an accepted order when it is decided. The order must be readable at any time. */
const decided = async (api: Client, { token, reply }: Operation): Promise<string> => {
  const deadline = Date.now() + decidedWithinMs
  for (;;) {
    const path = `/orders/${orderIdOf(reply)}`
    const answer = await api<{ status: string }>(path, { token, expect: [403, 404] })
    if (answer.status !== 200) return `answered ${answer.status}`
    if (answer.body.status !== 'pending' || Date.now() > deadline) return answer.body.status
    await sleep(pollMs)
  }
}

type Seen = Pick<Parameters<typeof brokenInvariants>[0], 'acknowledged' | 'accepted'>

/** The violations that remain after up to 90 s without requests. */
export const brokenAtRest = async (stack: Stack, seen: Seen): Promise<string[]> => {
  const deadline = Date.now() + decidedWithinMs
  const patience = { sweepMs: stack.settings.SWEEP_INTERVAL_MS }
  for (;;) {
    const broken = await brokenInvariants({ ...stack.databases, ...seen, atRest: true, patience })
    if (broken.length === 0) return broken
    if (Date.now() > deadline) return broken
    if (stack.supervisor.isEnding) throw new PlainError('The system is shutting down.')
    await sleep(pollMs)
  }
}
