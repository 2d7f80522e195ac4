import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'

const restWithinMs = 20_000

/**
 * What does not hold of the invariants, a sentence each, once all is settled that will be.
 *
 * @param atRest whether nothing may be left under way
 */
export const violationsOf = async (
  databases: Stack['databases'],
  atRest: boolean,
): Promise<string[]> => {
  const deadline = Date.now() + restWithinMs
  for (;;) {
    const violations = await brokenInvariants({ ...databases, atRest })
    if (violations.length === 0 || Date.now() > deadline) return firstOf(violations)
    await sleep(500)
  }
}

const breachesNamed = 20

/** Under load a violation often repeats for every order. */
const firstOf = (violations: readonly string[]): string[] => {
  const more = violations.length - breachesNamed
  return [...violations.slice(0, breachesNamed), ...(more > 0 ? [`and ${more} more`] : [])]
}
