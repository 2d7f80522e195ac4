import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance } from './instance.ts'
import { cpuByArm } from './process-groups.ts'

/** The maximum CPU of an arm at rest, as a share of a core; below the limit for idle arms. */
const restLimit = 0.009

/** The maximum wait, in milliseconds. */
const restWithinMs = 10_000

/** The period of one check covers a round of the relay, in milliseconds. */
export const checkPeriodMs = (relayIntervalMs: number): number =>
  Math.min(2_000, Math.max(250, 1.25 * relayIntervalMs))

/** Waits until no arm uses more than the CPU of an idle arm during a whole period. */
export const untilAtRest = async (arms: readonly Instance[], periodMs: number): Promise<void> => {
  const begin = performance.now()
  for (let used = Number.POSITIVE_INFINITY; used > restLimit * periodMs * 1_000; ) {
    const before = cpuByArm(arms)
    await sleep(periodMs)
    used = Math.max(...cpuByArm(arms).map((after, arm) => after - (before[arm] ?? 0)))
    if (performance.now() - begin > restWithinMs) return
  }
}
