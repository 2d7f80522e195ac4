import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { findK6 } from '../../k6.ts'
import { sum } from '../../stats/mean.ts'
import { fairness } from '../fairness.ts'
import { newestFairness } from '../record.ts'

const found = await findK6(environment())
/** Why nothing can be sold, or false. */
const skip = found.how === 'none' && found.reason

const variants = ['baseline', 'optimized'] as const
const buyers = [20, 40]

t.setTimeout(120_000)

t.test('two variants with two numbers of buyers are measured and reported', { skip }, async (t) => {
  const root = t.testdir()
  const folder = join(root, 'load/results/2026-01-01-fairness')
  const { signal } = new AbortController()
  const wanted = { variants: [...variants], buyers, rounds: 1, seed: 1, folder, abort: signal }
  t.equal(await fairness(wanted), true)
  const { run } = newestFairness(root) ?? {}
  const rounds = run?.rounds ?? []
  t.strictSame(
    rounds.map(({ variant, buyers }) => `${variant} ${buyers}`).sort(),
    variants.flatMap((variant) => buyers.map((count) => `${variant} ${count}`)).sort(),
  )
  for (const { variant, buyers, came, won, inversions, ...rest } of rounds) {
    t.strictSame(rest, {}, `${variant} with ${buyers} has other fields`)
    t.equal(sum(won), buyers / 2, 'half of the buyers have a unit')
    t.ok(sum(came) >= buyers && sum(came) <= buyers + 1, `${sum(came)} came`)
    t.ok(inversions >= 0 && inversions < 0.5, `${inversions} is less than in a random order`)
  }
  const report = readFileSync(join(folder, 'fairness.md'), 'utf8')
  t.match(report, new RegExp(`^\\| optimized \\| ${buyers.at(-1)} \\| 1 \\| 0 \\|`, 'm'))
})
