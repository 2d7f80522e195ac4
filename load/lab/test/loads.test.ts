import t from 'tap'
import { kindOf, openLoadOf, paceOf, replayOf } from '../loads.ts'

/** The options of a script, and the figure that is judged. */

t.test('an open loop has the given rate', async (t) => {
  const { load, schedule } = openLoadOf('latency', 900, 50)
  t.match(load, { mode: 'latency', rate: 900, share: 50, spikeFactor: 1 })
  t.strictSame(schedule, { rate: 900, spikeFactor: 1 })
})

t.test('a quantile is judged only if a slice has enough responses', async (t) => {
  const figureAt = (rate: number) => openLoadOf('latency', rate, 50).figure
  t.strictSame([900, 300, 100, 20].map(figureAt), ['p95', 'p50', 'p50', 'mean'])
})

t.test('a spike has three times the rate in its middle third', async (t) => {
  const { load, schedule } = openLoadOf('spike', 900, 50)
  t.match(load, { mode: 'latency', share: 50, spikeFactor: 3 })
  t.strictSame(schedule, { rate: 900, spikeFactor: 3 })
  t.equal(paceOf('spike').sliceMs, 30_000)
})

t.test('a recorded load has the kind that it was started with', async (t) => {
  const loads = [
    { mode: 'capacity', clients: 16 } as const,
    openLoadOf('latency', 900, 70).load,
    openLoadOf('spike', 900, 70).load,
    replayOf('product-list').load,
  ]
  t.strictSame(loads.map(kindOf), ['capacity', 'latency', 'spike', 'replay'])
})

t.test('a replay has a hundred users with a think time of a second', async (t) => {
  const { load, given, figure } = replayOf('product-list')
  t.match(load, { mode: 'replay', clients: 100, thinkMs: 1_000, profile: 'product-list' })
  t.match(given, { MODE: 'users', VUS: '100', THINK: '1' })
  t.equal(figure, 'p95')
})

t.test(
  'a warm-up is 30,000 requests per arm, unless a subject or an option sets fewer',
  async (t) => {
    t.equal(paceOf('capacity').warmRequests, 30_000)
    t.equal(paceOf('capacity', { sliceMs: 3_000 }).warmRequests, 30_000)
    t.equal(paceOf('spike', { warmRequests: 500 }).warmRequests, 500)
  },
)

t.test('a subject may set slices and blocks for a saturating load only', async (t) => {
  const own = { sliceMs: 1_500, blocks: 2 }
  t.match(paceOf('capacity', own), own)
  t.match(paceOf('capacity'), { sliceMs: 1_000, blocks: 8 })
  t.strictSame(paceOf('replay', own), paceOf('replay'))
})
