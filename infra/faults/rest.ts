import { setTimeout as sleep } from 'node:timers/promises'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import type { SystemUnderTest } from './system-under-test.ts'

/** Several times the hold, the sweep and the relay's pause of the system. */
const graceMs = 15_000

/** The relay waits for up to 32 s before it tries again what has failed five times. */
const restWithinMs = 45_000
const pauseMs = 100

/** What is broken while work may still be under way; a hold may wait for whoever was away. */
export const brokenUnderWay = ({ stack, acknowledged }: SystemUnderTest): Promise<string[]> =>
  brokenInvariants({
    ...stack.databases,
    acknowledged,
    atRest: false,
    patience: { graceMs },
  })

/** What is broken still when everything had its time to be settled and delivered. */
export const brokenAtRest = async ({ stack, acknowledged }: SystemUnderTest): Promise<string[]> => {
  const deadline = Date.now() + restWithinMs
  const patience = { sweepMs: stack.settings.SWEEP_INTERVAL_MS }
  for (;;) {
    const check = { ...stack.databases, acknowledged, atRest: true, patience }
    const broken = await brokenInvariants(check)
    if (broken.length === 0 || Date.now() > deadline) return broken
    await sleep(pauseMs)
  }
}
