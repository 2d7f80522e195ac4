import { type Client, createClient } from '@flash-deal/local/api-client'
import { type Stack, startStack } from '@flash-deal/local/stack'
import type { Acknowledged } from '@flash-deal/testing/invariants'
import { startBurst } from './burst.ts'
import { clientsOf } from './clients.ts'
import { planOf } from './plan.ts'
import { randomFrom } from './random.ts'
import { buyersCount, offer, openShop, type Shop } from './shop.ts'

/** A system with its users, in which round after round is played. */
export type Bench = {
  stack: Stack
  api: Client
  shop: Shop
  /** How long a purchase takes within a burst that nothing disturbs, in milliseconds. */
  msAPurchase: number
  /** All that buyers were told in any round: a later fault must not lose it either. */
  acknowledged: Acknowledged[]
}

/** Short, so that what a fault leaves open is settled within a round and not in half a minute. */
const settings = {
  CLAIM_LEASE_MS: '1000',
  RESERVATION_TTL_MS: '1000',
  SWEEP_INTERVAL_MS: '200',
  RELAY_INTERVAL_MS: '100',
  LOG_LEVEL: 'error',
}

/** @throws PlainError where the system does not start, AbortError where it need not any more */
const openBench = async (abort: AbortSignal): Promise<Bench> => {
  abort.throwIfAborted()
  const stack = await startStack({ settings, abort })
  try {
    const api = createClient(stack.url)
    abort.throwIfAborted()
    const shop = await openShop(api)
    const bench = { stack, api, shop, msAPurchase: 0, acknowledged: [] }
    await calibrate(bench, 'warm-up')
    bench.msAPurchase = await calibrate(bench, 'calibration')
    abort.throwIfAborted()
    return bench
  } catch (error) {
    await stack.end()
    throw error
  }
}

/** The bench of the moment: opened when it is first asked for, and anew after a discard. */
export type Benches = {
  current(): Promise<Bench>
  /** Ends it and removes what it has written. */
  discard(): Promise<void>
}

export const benchesOf = (abort: AbortSignal): Benches => {
  let opening: Promise<Bench> | undefined
  return {
    current: () => (opening ??= openBench(abort)),
    discard: async () => {
      const bench = await opening?.catch(() => undefined)
      opening = undefined
      await bench?.stack.end()
    },
  }
}

const calibratedWith = 250

/** The milliseconds that a purchase takes, from a burst without a fault. */
const calibrate = async ({ api, shop, stack }: Bench, name: string): Promise<number> => {
  const size = { requests: calibratedWith, buyers: buyersCount, name }
  const clients = clientsOf(stack.url)
  const goods = await offer(api, shop, calibratedWith)
  const { purchases } = planOf(randomFrom(0), size)
  const { lengthMs } = await startBurst({ clients, shop, goods }, purchases).done
  await clients.close()
  return lengthMs / calibratedWith
}
