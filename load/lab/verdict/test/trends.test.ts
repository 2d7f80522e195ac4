import t from 'tap'
import { judge } from '../judge.ts'
import { costTrend, judgedTrends } from '../trends.ts'
import type { VerdictKind } from '../verdict.ts'
import { arms, header, type Simulation, simulated } from './simulate.ts'

/**
 * A trend within the restarts is detected over all restarts: of the ratio of two arms, which is then
 * reported and not averaged, and of the cost of one arm, which was not warm.
 */

const judged = (simulation: Simulation) =>
  judge(simulation.header ?? header(), simulated(simulation))

const runs = Array.from({ length: 20 }, (_, at) => at + 1)
const verdictsOf = (simulation: Simulation) =>
  runs.map((seed) => judged({ ...simulation, seed }).comparisons[0]?.verdict)

/** In how many of the runs the cost of B is found to have a trend. */
const powerOf = (simulation: Simulation): number => {
  const found = runs.map((seed) => {
    const slices = simulated({ ...simulation, seed }).filter((record) => record.kind === 'slice')
    const measured = slices.filter(({ phase }) => phase === 'measured')
    const trends = arms.map(({ name }) =>
      costTrend(
        header(),
        measured.filter(({ arm }) => arm === name),
      ),
    )
    return judgedTrends(trends)[arms.findIndex(({ name }) => name === 'optimized')]
  })
  return found.filter((trend) => trend?.isFound).length / runs.length
}

const notWarm = /^INVALID: .*CPU for a unit of work (fell|rose) by/

t.test('none of twenty A/A runs has a trend or another false verdict', async (t) => {
  const right: readonly (VerdictKind | undefined)[] = [
    ...(['equivalent', 'no significant difference'] as const),
  ]
  const wrong = verdictsOf({}).filter((it) => !right.includes(it?.kind))
  t.strictSame(wrong, [])
})

/** Power at the noise of this class of machine: 10 % a slice, 4 % a restart, 10 restarts of 8 blocks. */
t.test('an arm whose cost falls by a fifth is rejected in nine of ten runs', async (t) => {
  t.ok(powerOf({ drift: { optimized: 0.8 } }) >= 0.9)
  t.match(judged({ drift: { optimized: 0.8 } }).comparisons[0]?.verdict.sentence, notWarm)
})

t.test(
  'a baseline that is still warming up, and an arm whose cost rises, are rejected',
  async (t) => {
    t.match(
      judged({ drift: { again: 0.75 } }).comparisons[0]?.verdict.sentence,
      /^INVALID: again: CPU/,
    )
    t.match(judged({ drift: { optimized: 1.3 } }).comparisons[0]?.verdict.sentence, notWarm)
  },
)

t.test('on a quiet machine a decrease by a tenth is rejected as often', async (t) => {
  const noise = { slice: 0.05, restart: 0.02 }
  t.ok(powerOf({ noise, drift: { optimized: 0.9 } }) >= 0.9)
})

t.test('a change of less than 5 % does not matter, even if it is significant', async (t) => {
  const noise = { slice: 0.005, restart: 0.005 }
  t.equal(powerOf({ noise, drift: { optimized: 0.96 } }), 0)
})

t.test(
  'a ratio that grows at the same cost is drifting, with its first and last values',
  async (t) => {
    const change: Simulation['change'] = (slice) => {
      if (slice.arm !== 'optimized' || slice.phase !== 'measured') return {}
      const faster = 0.94 + 0.02 * slice.block
      const [requests, completed] = [slice.requests * faster, slice.completed * faster]
      const cpu = Object.fromEntries(
        Object.entries(slice.cpu).map(([name, us]) => [name, us * faster]),
      )
      const ok = slice.latency.ok
      const latency = ok ? { ok: { ...ok, meanMs: ok.meanMs / faster } } : {}
      return { requests, completed, cpu, latency }
    }
    const noise = { slice: 0.03, restart: 0.01 }
    const [found] = judged({ noise, change }).comparisons
    t.match(found?.verdict.sentence, /^drifting: ×0\.9\d in the first block, ×1\.0\d in the last/)
    t.ok(found?.trend && Math.abs(found.trend.change - 1.08 / 0.94) < 0.05)
  },
)
