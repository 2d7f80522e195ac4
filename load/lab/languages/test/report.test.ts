import t from 'tap'
import { eachOperation, groups } from '../groups.ts'
import type { Figures } from '../measure.ts'
import { priceOfMillion, ratios, reportOf } from '../report.ts'

/** The page about the languages, of figures that are known. */

const figures = (cpuUs: number[], loadedMb: number): Figures => ({
  cpuUs: { ...eachOperation(() => cpuUs), login: [20_000, 20_000], list: [500, 500] },
  times: { ...eachOperation(() => [1]), verify: [1, 2, 3, 4] },
  process: Object.fromEntries(
    groups.map(({ title }) => [title, { startMs: [100], idleMb: [50], loadedMb: [loadedMb] }]),
  ),
})

const measured = { node: figures([400, 300], 128), go: figures([200, 100], 64) }

t.test('ratios are taken within a round', async (t) => {
  t.strictSame(ratios(measured, 'verify'), [2, 3])
})

t.test('a price includes the CPU time and the memory meanwhile', async (t) => {
  // 3,600 µs are an hour for a million.
  const one = figures([3_600], 1_024)
  t.equal(priceOfMillion(one, 'verify', { coreHour: 2, gbHour: 0.5 }), 2.5)
})

t.test('the page names the operations that gain and those that do not', async (t) => {
  const size = { programMb: 1, serviceLines: 2, sharedLines: 3 }
  const page = reportOf({
    ...{ startedAt: 'now', commit: 'abc', machine: 'a machine', rounds: 2, sliceMs: 1_000 },
    rates: eachOperation(() => 1),
    price: { coreHour: 0.04, gbHour: 0.005 },
    measured,
    sizes: { auth: { node: size, go: size }, order: { node: size, go: size } },
  })
  t.match(
    page,
    'less CPU for: refresh, verify a token, profile, order of a deal, order of a deal, with M1, M8, H1. It did not for: log-in, list of 20 orders.',
  )
  t.match(page, '| log-in | 50 | 50 | 1.00 [1.00..1.00] |')
  t.match(page, '| verify a token | 1 | 2.0, 4.0 | 2.0, 4.0 |')
  t.match(page, '| order with batches: memory after load, MB | 128 | 64 |')
})
