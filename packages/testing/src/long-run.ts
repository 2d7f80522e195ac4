import { randomInt } from 'node:crypto'
import { environment } from '@flash-deal/config'

/** The seed and the time limit of a test in the long form. The short form uses no randomness. */
export type LongRun = {
  /** TEST_SEED, or a random one; a test prints it. */
  seed: number
  /** False after TEST_MINUTES, 20 by default. Then no new round is started. */
  hasTime(): boolean
}

type Test = { comment(text: string): unknown; setTimeout(ms: number): void }

/** Extra time for rounds that start just before the limit. */
const endsWithinMs = 300_000

/** Starts the time limit of a test file in the long form, and prints its seed. */
export const longRun = (t: Test): LongRun => {
  const { TEST_SEED, TEST_MINUTES } = environment()
  const seed = Number(TEST_SEED ?? randomInt(2 ** 31 - 1))
  const lengthMs = Number(TEST_MINUTES ?? 20) * 60_000
  const end = performance.now() + lengthMs
  t.setTimeout(lengthMs + endsWithinMs)
  t.comment(`The seed is ${seed}; TEST_SEED=${seed} repeats this run.`)
  return { seed, hasTime: () => performance.now() < end }
}
