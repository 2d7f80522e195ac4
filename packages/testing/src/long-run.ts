import { randomInt } from 'node:crypto'
import { environment } from '@flash-deal/config'

/** What the long form of a test needs: chance, which the short form has none of, and an end. */
export type LongRun = {
  /** TEST_SEED, or a random one; a test prints it. */
  seed: number
  /** False after TEST_MINUTES, 20 by default: what is under way ends, and nothing new begins. */
  hasTime(): boolean
}

type Test = { comment(text: string): unknown; setTimeout(ms: number): void }

/** For what begins when the time is nearly over. */
const endsWithinMs = 300_000

/** Begins the time of a file in the long form, and prints its seed. */
export const longRun = (t: Test): LongRun => {
  const { TEST_SEED, TEST_MINUTES } = environment()
  const seed = Number(TEST_SEED ?? randomInt(2 ** 31 - 1))
  const lengthMs = Number(TEST_MINUTES ?? 20) * 60_000
  const end = performance.now() + lengthMs
  t.setTimeout(lengthMs + endsWithinMs)
  t.comment(`The seed is ${seed}; TEST_SEED=${seed} repeats this run.`)
  return { seed, hasTime: () => performance.now() < end }
}
