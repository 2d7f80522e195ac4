import t from 'tap'
import type { Header, Slice } from '../../record.ts'
import { judge } from '../judge.ts'
import { header, type Simulation, simulated } from './simulate.ts'

/** A gain in rate or latency is claimed only with cost or waiting behind it. */

const verdictOf = (simulation: Simulation, run: Partial<Header> = {}) => {
  const made = header(run)
  const [comparison] = judge(made, simulated({ ...simulation, header: made })).comparisons
  return { kind: comparison?.verdict.kind, explanation: comparison?.explanation }
}

const ofB = (change: (slice: Slice) => Partial<Slice>) => (slice: Slice) =>
  slice.arm === 'optimized' ? change(slice) : {}

/** B does 30 % more work with as much more CPU, so a unit of it costs the same. */
const sameCost = (slice: Slice): Partial<Slice> => ({
  requests: slice.requests * 1.3,
  completed: slice.completed * 1.3,
  cpu: { product: 1.3 * (slice.cpu.product ?? 0), postgres: 1.3 * (slice.cpu.postgres ?? 0) },
  latency: { ok: { meanMs: meanOf(slice) / 1.3, histogram: slice.latency.ok?.histogram ?? {} } },
})

const meanOf = (slice: Slice) => slice.latency.ok?.meanMs ?? 0

/** A baseline whose core is not full, because its backends wait for a lock all the time. */
const locked = (backends: number): Partial<Slice> => ({
  waitsMs: { Lock: backends * 1200 },
  serverUtilization: 0.7,
})

t.test('less CPU for a request explains a gain', async (t) => {
  const found = verdictOf({ costs: { optimized: 0.7 } })
  t.strictSame(found, { kind: 'faster', explanation: 'cost' })
})

t.test('fewer backends that wait for locks explain a gain at the same cost', async (t) => {
  const change = (slice: Slice) =>
    slice.arm === 'optimized' ? { ...sameCost(slice), ...locked(2) } : locked(5)
  t.strictSame(verdictOf({ change }), { kind: 'faster', explanation: 'waiting' })
})

t.test('in a closed loop a busier event loop explains a gain at the same cost', async (t) => {
  const change = (slice: Slice) =>
    slice.arm === 'optimized' ? sameCost(slice) : { eventLoop: { product: 0.6, gateway: 0.4 } }
  t.strictSame(verdictOf({ change }), { kind: 'faster', explanation: 'waiting' })
})

t.test('a gain with neither is unexplained', async (t) => {
  const found = verdictOf({ change: ofB(sameCost) })
  t.strictSame(found, { kind: 'unexplained', explanation: undefined })
})

t.test('waits in the opposite direction do not explain a difference', async (t) => {
  const change = (slice: Slice) =>
    slice.arm === 'optimized' ? { ...sameCost(slice), ...locked(5) } : locked(2)
  t.equal(verdictOf({ change }).kind, 'unexplained')
})

t.test('more waiting backends explain a loss at the same cost', async (t) => {
  const change = (slice: Slice) =>
    slice.arm === 'optimized' ? locked(5) : { ...sameCost(slice), ...locked(2) }
  t.strictSame(verdictOf({ change }), { kind: 'slower', explanation: 'waiting' })
})

t.test('no difference needs no explanation', async (t) => {
  const found = verdictOf({ noise: { slice: 0, restart: 0 } })
  t.strictSame(found, { kind: 'equivalent', explanation: undefined })
})

t.test('at a fixed rate a less busy event loop explains a latency', async (t) => {
  const run = {
    load: { mode: 'latency', rate: 4000, share: 50, spikeFactor: 1 },
    figure: 'mean',
  } as const
  const quicker = (busy: number) =>
    ofB((slice) => ({
      latency: {
        ok: { meanMs: meanOf(slice) / 1.3, histogram: slice.latency.ok?.histogram ?? {} },
      },
      eventLoop: { product: busy },
    }))
  t.strictSame(verdictOf({ change: quicker(0.6) }, run), {
    kind: 'faster',
    explanation: 'waiting',
  })
  t.equal(verdictOf({ change: quicker(0.99) }, run).kind, 'unexplained')
})
