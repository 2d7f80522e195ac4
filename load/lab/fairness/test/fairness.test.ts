import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { findK6 } from '../../k6.ts'
import { sum } from '../../stats/mean.ts'
import { fairness } from '../fairness.ts'
import { newestFairness } from '../record.ts'

/** `npm run lab -- fairness`: who came first, and who won, is told of what was really sold. */

const found = await findK6(environment())
const skip = found.how === 'none' && found.reason

// Each variant is sold on a system of its own.
t.setTimeout(120_000)

t.test('two variants are sold, and both are told of', { skip }, async (t) => {
  const root = t.testdir()
  const folder = join(root, 'load/results/2026-01-01-fairness')
  const sales = { variants: ['baseline', 'optimized'], buyers: [20, 40], rounds: 1 }
  const { signal } = new AbortController()
  t.equal(await fairness({ ...sales, seed: 1, folder, abort: signal }), true)
  const { run } = newestFairness(root) ?? {}
  const rounds = run?.rounds ?? []
  t.strictSame(rounds.map(({ variant, buyers }) => `${variant} ${buyers}`).sort(), [
    ...['baseline 20', 'baseline 40', 'optimized 20', 'optimized 40'],
  ])
  for (const { variant, buyers, came, won, inversions, ...rest } of rounds) {
    t.strictSame(rest, {}, `${variant} with ${buyers} tells something`)
    t.equal(sum(won), buyers / 2, 'half of the buyers have a unit')
    t.ok(sum(came) >= buyers && sum(came) <= buyers + 1, `${sum(came)} came`)
    t.ok(
      inversions >= 0 && inversions < 0.5,
      `${inversions} is nearer to a queue than to a lottery`,
    )
  }
  t.match(readFileSync(join(folder, 'fairness.md'), 'utf8'), /^\| optimized \| 40 \| 1 \| 0 \|/m)
})
