import t from 'tap'
import { layerSteps } from '../layer-steps.ts'
import { costsOf } from '../summary.ts'
import { bareName, type Sample } from '../work.ts'

const sample = (work: string, cpuUs: Record<string, number>): Sample => ({
  work,
  requests: 1_000,
  cpuUs,
  allocated: 2_000,
  perSecond: 100,
  meanMs: 5,
})

/** Three rounds, of which the second ran on a machine that was twice as slow. */
const samples = [1, 2, 1].flatMap((slowness) => [
  sample(bareName, { bare: 20 * slowness }),
  sample('order', { gateway: 60 * slowness, order: 40 * slowness }),
])

t.test('a cost is the ratio to the bare route of the same round', async (t) => {
  const [bare, order] = costsOf(samples)
  t.match(bare, { work: bareName, bareRoutes: { median: 1, min: 1, max: 1 } })
  t.match(order, { work: 'order', bareRoutes: { median: 5, min: 5, max: 5 }, totalUs: 100 })
  t.same(order?.byProcess, { gateway: 60, order: 40 })
})

t.test('the cost of a layer is its total less that of the previous layer', async (t) => {
  t.same(
    layerSteps(costsOf(samples)).map(({ adds }) => adds),
    [1, 4],
  )
})
