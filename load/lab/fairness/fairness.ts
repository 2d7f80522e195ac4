import { relative } from 'node:path'
import { environment, variantsOf } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { machine } from '@flash-deal/local/machine'
import { PlainError } from '@flash-deal/local/plain-error'
import { randomFrom } from '@flash-deal/local/random'
import { startStack } from '@flash-deal/local/stack'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { findK6, programOf } from '../k6.ts'
import { violationsOf } from '../violations.ts'
import { playRound } from './play.ts'
import type { Fairness, Round } from './record.ts'
import { writeFairness } from './write-fairness.ts'

/**
 * `npm run lab -- fairness`: measures whether a deal is sold in the order of arrival. Runs `fifo-order`
 * for each variant of M1, in random order in each round, each time on a new system.
 */

export type Wanted = {
  variants: readonly string[]
  /** Numbers of buyers within a second; each has its own deal, on the same system. */
  buyers: readonly number[]
  rounds: number
  seed: number
  /** The folder of the report. */
  folder: string
  abort: AbortSignal
}

/** Arrival rates from below the capacity of every variant to above the capacity of all. */
export const usualSales = {
  variants: variantsOf('M1'),
  buyers: [200, 400, 800],
  rounds: 5,
} satisfies Partial<Wanted>

/**
 * @returns whether all rounds were played
 * @throws PlainError if there is no k6, or if an invariant is violated after a round
 */
export const fairness = async (wanted: Wanted): Promise<boolean> => {
  const { variants, rounds, seed, folder, abort } = wanted
  const k6 = programOf(await findK6(environment()))
  const run = headOf(seed)
  const random = randomFrom(seed)
  const order = Array.from({ length: rounds }, () => random.shuffle(variants)).flat()
  for (const variant of order) {
    if (abort.aborted) return false
    run.rounds.push(...(await roundsOf(variant, k6, wanted)))
    writeFairness(folder, run)
  }
  console.log(`The report is in ${relative(process.cwd(), folder)}.`)
  return true
}

const headOf = (seed: number): Fairness => ({
  commit: commit(),
  startedAt: new Date().toISOString(),
  seed,
  machine: machine(),
  node: process.version,
  rounds: [],
})

/** One for each number of buyers. */
const roundsOf = async (
  variant: string,
  k6: string,
  { buyers, abort }: Wanted,
): Promise<Round[]> => {
  const stack = await startStack({ abort, settings: purchaseSettings(variant) })
  const sell = (count: number) => playRound({ k6, url: stack.url, variant, buyers: count })
  try {
    // Before they have sold once, processes are slower with every request that is new to them.
    await sell(Math.min(...buyers))
    const rounds: Round[] = []
    for (const count of buyers) rounds.push(said(await sell(count)))
    refuseBreaches(variant, await violationsOf(stack.databases, true))
    return rounds
  } finally {
    await stack.end()
  }
}

const said = (round: Round): Round => {
  const { variant, buyers, inversions } = round
  const result = round.void ?? `${(100 * inversions).toFixed(2)} % inversions`
  console.log(`${variant}, ${buyers} buyers: ${result}`)
  return round
}

const refuseBreaches = (variant: string, violations: readonly string[]): void => {
  if (violations.length === 0) return
  throw new PlainError(`After the sales with ${variant}: ${violations.join('; ')}.`)
}
