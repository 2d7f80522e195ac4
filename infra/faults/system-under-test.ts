import { type Client, createClient } from '@flash-deal/local/api-client'
import { randomFrom } from '@flash-deal/local/random'
import { type Stack, startStack } from '@flash-deal/local/stack'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { startBurst } from './burst.ts'
import { clientsOf } from './clients.ts'
import { defaultSale } from './default-sale.ts'
import { createOffer, type Users } from './offer.ts'
import { planOf } from './plan.ts'
import { createUsers, tokenSettings } from './users.ts'

/** A running system with its users; used for several rounds. */
export type SystemUnderTest = {
  stack: Stack
  api: Client
  users: Users
  /** Duration of a burst without a fault divided by its purchases, in milliseconds. */
  msPerPurchase: number
  /** Every acknowledged operation of all rounds: a later fault must not lose them. */
  acknowledged: Acknowledged[]
  /** Ends the current fault and removes its temporary settings. */
  recover?: (() => Promise<void>) | undefined
}

/** Short intervals, so that orders interrupted by a fault are settled within the round. */
const settings = {
  DEADLINE_MS: '3000',
  QUERY_TIMEOUT_MS: '1000',
  CLAIM_LEASE_MS: '1000',
  RESERVATION_TTL_MS: '1000',
  SWEEP_INTERVAL_MS: '200',
  RELAY_INTERVAL_MS: '100',
  DRAIN_MS: '0',
  LOG_LEVEL: 'error',
}

/**
 * @param scenarios further ones, as in SCENARIOS
 * @param variant of M1, with the variants of M7 and M8 that belong to it
 * @throws PlainError or ConfigError if the system does not start, AbortError if the run is aborted
 */
const openSystem = async (
  variant: string,
  scenarios: string,
  abort: AbortSignal,
): Promise<SystemUnderTest> => {
  abort.throwIfAborted()
  const flags = { SCENARIOS: scenarios, ...purchaseSettings(variant) }
  const own = { ...settings, ...tokenSettings(), ...flags }
  const stack = await startStack({ settings: own, abort })
  try {
    const api = createClient(stack.url)
    abort.throwIfAborted()
    const users = await createUsers(api, stack)
    const system = { stack, api, users, msPerPurchase: 0, acknowledged: [] }
    await calibrate(system, 'warm-up')
    system.msPerPurchase = await calibrate(system, 'calibration')
    abort.throwIfAborted()
    return system
  } catch (error) {
    await stack.end()
    throw error
  }
}

/** Holds the current system: started on first use, and again after a discard. */
export type Systems = {
  abort: AbortSignal
  /** Returns a system with this variant of M1. Discards one of another variant or with too many rounds. */
  current(variant: string): Promise<SystemUnderTest>
  /** Ends the system and removes its files. */
  discard(): Promise<void>
}

/** A check reads all orders of a system. After this many rounds a new system is faster. */
const roundsPerSystem = 15

/** @param scenarios further ones of every system, as in SCENARIOS */
export const systemsOf = (abort: AbortSignal, scenarios = ''): Systems => {
  let open: { variant: string; rounds: number; system: Promise<SystemUnderTest> } | undefined
  const discard = async (): Promise<void> => {
    const system = await open?.system.catch(() => undefined)
    open = undefined
    // The system ends anyway.
    await system?.recover?.().catch(() => {})
    await system?.stack.end()
  }
  const current = async (variant: string): Promise<SystemUnderTest> => {
    if (open?.variant !== variant || open.rounds === roundsPerSystem) await discard()
    open ??= { variant, rounds: 0, system: openSystem(variant, scenarios, abort) }
    open.rounds += 1
    return open.system
  }
  return { abort, current, discard }
}

const calibrationRequests = 250

/** Measures milliseconds per purchase in a burst without a fault. */
const calibrate = async ({ api, users, stack }: SystemUnderTest, name: string): Promise<number> => {
  const requests = calibrationRequests
  const offer = await createOffer(api, users, defaultSale, { requests, lengthMs: 0 })
  const { purchases } = planOf(randomFrom(0), defaultSale, { requests, name })
  const clients = clientsOf(stack.url)
  try {
    const burst = startBurst({ clients, users, offer }, purchases, defaultSale.width)
    const { lengthMs } = await burst.done
    return lengthMs / requests
  } finally {
    await clients.close()
  }
}
