import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'

const restWithinMs = 20_000

/**
 * One sentence for each violated invariant. Waits up to 20 s for unfinished work.
 *
 * @param atRest whether unfinished work counts as a violation
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

const mostNamed = 20

/** Under load a violation often repeats for every order. */
const firstOf = (violations: readonly string[]): string[] => {
  const more = violations.length - mostNamed
  return [...violations.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])]
}
