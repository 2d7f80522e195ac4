import { type Client, createClient } from '@flash-deal/local/api-client'
import { randomFrom } from '@flash-deal/local/random'
import { type Stack, startStack } from '@flash-deal/local/stack'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { startBurst } from './burst.ts'
import { clientsOf } from './clients.ts'
import { planOf } from './plan.ts'
import { offer, type Shop } from './shop.ts'
import { shopOf, tokenSettings } from './tokens.ts'
import { usualSale } from './usual-sale.ts'

/** A system with its users, in which round after round is played. */
export type SystemUnderTest = {
  stack: Stack
  api: Client
  shop: Shop
  /** How long a purchase takes within a burst that nothing disturbs, in milliseconds. */
  msAPurchase: number
  /** All that buyers were told in any round: a later fault must not lose it either. */
  acknowledged: Acknowledged[]
  /** Puts right what is broken on purpose at the moment, and takes away what was made for it. */
  mend?: (() => Promise<void>) | undefined
}

/** Short, so that what a fault leaves open is settled within a round and not in half a minute. */
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
 * @param variant of M1, with those of M7 and M8 that belong to it
 * @throws PlainError or ConfigError where the system does not start with it, AbortError where it
 * need not any more
 */
const openSystem = async (variant: string, abort: AbortSignal): Promise<SystemUnderTest> => {
  abort.throwIfAborted()
  const own = { ...settings, ...tokenSettings(), ...purchaseSettings(variant) }
  const stack = await startStack({ settings: own, abort })
  try {
    const api = createClient(stack.url)
    abort.throwIfAborted()
    const shop = await shopOf(api, stack)
    const system = { stack, api, shop, msAPurchase: 0, acknowledged: [] }
    await calibrate(system, 'warm-up')
    system.msAPurchase = await calibrate(system, 'calibration')
    abort.throwIfAborted()
    return system
  } catch (error) {
    await stack.end()
    throw error
  }
}

/** The system of the moment: opened when it is first asked for, and anew after a discard. */
export type Systems = {
  abort: AbortSignal
  /** Of a variant of M1; that of another one is discarded, as is one that was used often. */
  current(variant: string): Promise<SystemUnderTest>
  /** Ends it and removes what it has written. */
  discard(): Promise<void>
}

/** A check reads all that was ever sold on a system: in the end it takes longer than a new one. */
const roundsABench = 15

export const systemsOf = (abort: AbortSignal): Systems => {
  let open: { variant: string; rounds: number; system: Promise<SystemUnderTest> } | undefined
  const discard = async (): Promise<void> => {
    const system = await open?.system.catch(() => undefined)
    open = undefined
    // It is to end in any case.
    await system?.mend?.().catch(() => {})
    await system?.stack.end()
  }
  const current = async (variant: string): Promise<SystemUnderTest> => {
    if (open?.variant !== variant || open.rounds === roundsABench) await discard()
    open ??= { variant, rounds: 0, system: openSystem(variant, abort) }
    open.rounds += 1
    return open.system
  }
  return { abort, current, discard }
}

const calibratedWith = 250

/** The milliseconds that a purchase takes, from a burst without a fault. */
const calibrate = async ({ api, shop, stack }: SystemUnderTest, name: string): Promise<number> => {
  const requests = calibratedWith
  const clients = clientsOf(stack.url)
  const goods = await offer(api, shop, usualSale, { requests, lengthMs: 0 })
  const { purchases } = planOf(randomFrom(0), usualSale, { requests, name })
  const burst = startBurst({ clients, shop, goods }, purchases, usualSale.width)
  const { lengthMs } = await burst.done
  await clients.close()
  return lengthMs / requests
}
