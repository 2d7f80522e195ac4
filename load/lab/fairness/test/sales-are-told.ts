import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import type { Test } from 'tap'
import { findK6 } from '../../k6.ts'
import { sum } from '../../stats/mean.ts'
import { fairness, type Wanted } from '../fairness.ts'
import { newestFairness } from '../record.ts'

const found = await findK6(environment())
/** Why nothing can be sold, or false. */
export const skip = found.how === 'none' && found.reason

/** A round of each number of buyers with each variant, which has a system of its own. */
export const salesAreTold = async (
  t: Test,
  { variants, buyers }: Pick<Wanted, 'variants' | 'buyers'>,
): Promise<void> => {
  const root = t.testdir()
  const folder = join(root, 'load/results/2026-01-01-fairness')
  const { signal } = new AbortController()
  const wanted = { variants, buyers, rounds: 1, seed: 1, folder, abort: signal }
  t.equal(await fairness(wanted), true)
  const { run } = newestFairness(root) ?? {}
  const rounds = run?.rounds ?? []
  t.strictSame(
    rounds.map(({ variant, buyers }) => `${variant} ${buyers}`).sort(),
    variants.flatMap((variant) => buyers.map((count) => `${variant} ${count}`)).sort(),
  )
  for (const { variant, buyers, came, won, inversions, ...rest } of rounds) {
    t.strictSame(rest, {}, `${variant} with ${buyers} tells something`)
    t.equal(sum(won), buyers / 2, 'half of the buyers have a unit')
    t.ok(sum(came) >= buyers && sum(came) <= buyers + 1, `${sum(came)} came`)
    t.ok(inversions >= 0 && inversions < 0.5, `${inversions} is less than in a random order`)
  }
  const report = readFileSync(join(folder, 'fairness.md'), 'utf8')
  t.match(report, new RegExp(`^\\| optimized \\| ${buyers.at(-1)} \\| 1 \\| 0 \\|`, 'm'))
}
