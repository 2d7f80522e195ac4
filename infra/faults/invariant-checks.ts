import { setTimeout as sleep } from 'node:timers/promises'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import type { SystemUnderTest } from './system-under-test.ts'

/** A multiple of the reservation TTL, the sweep interval and the relay interval. */
const graceMs = 15_000

/** The relay waits for up to 32 s before it retries an event that has failed five times. */
const restWithinMs = 45_000
const pauseMs = 100

/** Violations while work may still be in progress; a hold may wait for a stopped service. */
export const brokenDuringWork = ({ stack, acknowledged }: SystemUnderTest): Promise<string[]> =>
  brokenInvariants({
    ...stack.databases,
    acknowledged,
    atRest: false,
    patience: { graceMs },
  })

/** Violations that remain when every order had time to be settled and every event to be delivered. */
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
