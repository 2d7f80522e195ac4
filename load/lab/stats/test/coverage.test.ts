import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { pairedRatio } from '../paired-ratio.ts'
import { type Noise, simulatedRestarts } from './noise.ts'

/**
 * Does the interval hold what it promises? 2,000 simulated runs for each kind of machine; by chance
 * alone a share of 95 % then comes out between 93.5 and 96.5 % in 997 of 1,000 cases.
 */

const machines: readonly Noise[] = [
  { slice: 0.1, restart: 0.04 },
  { slice: 0.02, restart: 0.01 },
  { slice: 0.3, restart: 0 },
  { slice: 0.05, restart: 0.15 },
]

const trials = 2000
const truth = 1.1

for (const noise of machines) {
  const title = `${noise.slice * 100} % a slice and ${noise.restart * 100} % a restart`
  t.test(`with noise of ${title}`, async (t) => {
    const random = randomFrom(20_250)
    const found = Array.from({ length: trials }, () =>
      pairedRatio(simulatedRestarts(random, noise, { ratio: truth }), 0.95),
    )
    const share = found.filter((it) => it && it.low <= truth && truth <= it.high).length / trials
    t.ok(share > 0.935 && share < 0.965, `the 95 % interval holds the truth in ${share}`)
  })

  t.test(`with noise of ${title}, equal arms`, async (t) => {
    const random = randomFrom(40_500)
    const found = Array.from({ length: trials }, () =>
      pairedRatio(simulatedRestarts(random, noise), 0.99),
    )
    const called = found.filter((it) => it && it.p < 0.05).length / trials
    t.ok(called > 0.035 && called < 0.065, `are called different at 5 % in ${called}`)
    const gated = found.filter((it) => it && (it.low > 1 || it.high < 1)).length / trials
    t.ok(gated > 0.003 && gated < 0.017, `are refused by a 99 % aaCheck in ${gated}`)
  })
}
