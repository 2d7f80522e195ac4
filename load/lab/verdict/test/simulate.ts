import { type Random, randomFrom } from '@flash-deal/local/random'
import type { Arm, Header, RawRecord, Slice } from '../../record.ts'
import { type Place, placesOf } from '../../schedule/design.ts'
import { histogramOf } from '../../stats/histogram.ts'
import { type Noise, normal } from '../../stats/test/noise.ts'

/** Simulates the records of runs without errors, on a machine with the given noise. */

export const arms: readonly Arm[] = [
  { name: 'baseline', role: 'baseline', scenarios: { E2: 'baseline' }, witnesses: [] },
  { name: 'again', role: 'repeat', scenarios: { E2: 'baseline' }, witnesses: [] },
  { name: 'optimized', role: 'treatment', scenarios: { E2: 'optimized' }, witnesses: ['hits'] },
  { name: 'ceiling', role: 'ceiling', scenarios: {}, witnesses: [] },
]

export const memory: Arm = {
  name: 'memory',
  role: 'treatment',
  scenarios: { E2: 'memory' },
  witnesses: ['hits'],
}

export const header = (changes: Partial<Header> = {}): Header => ({
  kind: 'run',
  version: 2,
  id: 'E2',
  seed: 1,
  commit: 'df32609',
  startedAt: '2026-01-01T00:00:00Z',
  arms,
  load: { mode: 'capacity', clients: 32 },
  figure: 'rate',
  outcome: 'ok',
  statuses: ['200'],
  blocks: 8,
  checksInvariants: false,
  machine: { cpu: 'simulated', cores: 2, kernel: '6.1', layout: 'server 0, generator 1' },
  versions: { node: '26.10.0' },
  settings: {},
  data: { products: 1000 },
  ...changes,
})

/** A slice in which everything is as it should be: 32 clients keep a full core busy. */
export const soundSlice = (place: Place, costUs = 200): Slice => {
  const durationMs = 1200
  const requests = Math.round((durationMs * 1000 * 0.98) / costUs)
  const meanMs = (32 * durationMs) / requests
  const variant = { baseline: 'baseline', again: 'baseline' }[place.arm] ?? place.arm
  return {
    kind: 'slice',
    phase: 'measured',
    ...place,
    startedAtMs: 0,
    warmedMs: 12_000,
    durationMs,
    requests,
    completed: requests,
    errors: {},
    statuses: { 200: requests },
    wrongBodies: 0,
    dropped: 0,
    latency: { ok: { meanMs, histogram: latencies(meanMs, requests) } },
    health: { E2: variant },
    witnesses: { hits: requests },
    counts: { statements: 2 * requests },
    cpu: { product: requests * costUs * 0.7, postgres: requests * costUs * 0.3 },
    apartCpu: { generator: durationMs * 1000 * 0.6 },
    machineCpu: requests * costUs + durationMs * 1000 * 0.63,
    serverUtilization: 0.98,
    foreignCpu: 0.01,
    eventLoop: { product: 0.95 },
    waitsMs: { Lock: 0 },
    memory: { product: 90_000_000 },
  }
}

/** Half of them a fifth below the mean, half a fifth above. */
const latencies = (meanMs: number, n: number) => {
  const [low = '', high = ''] = Object.keys(histogramOf([meanMs * 0.8, meanMs * 1.2]))
  return { [low]: Math.ceil(n / 2), [high]: Math.floor(n / 2) }
}

export type Simulation = {
  header?: Header
  seed?: number
  restarts?: number
  noise?: Noise
  /** The cost of a request in an arm; 1 in the baseline. */
  costs?: Record<string, number>
  /** The cost of a request in the last block of a restart; 1 in the first. */
  drift?: Record<string, number>
  /** What goes wrong, or otherwise. */
  change?: (slice: Slice) => Partial<Slice>
}

/** Warm-up and measured slices of a whole run. */
export const simulated = ({
  header: run = header(),
  seed = 1,
  restarts = 10,
  noise = { slice: 0.1, restart: 0.04 },
  costs = {},
  drift = {},
  change = () => ({}),
}: Simulation = {}): RawRecord[] => {
  const random = randomFrom(seed)
  const plan = placesOf(seed, { arms: run.arms, restarts, blocks: run.blocks })
  return plan.flatMap((places, restart) => {
    const costOf = restartCosts(random, run.arms, noise, costs)
    const driftOf = ({ arm, block }: Place) => (drift[arm] ?? 1) ** (block / (run.blocks - 1 || 1))
    const slices = places.map((place) => soundSlice(place, costOf(place.arm) * driftOf(place)))
    return [...run.arms.flatMap((arm) => warmUp(arm, restart)), ...slices].map((slice) => ({
      ...slice,
      ...change(slice),
    }))
  })
}

const restartCosts = (
  random: Random,
  arms: readonly Arm[],
  noise: Noise,
  costs: Record<string, number>,
) => {
  const base = new Map(
    // Two arms that differ by √½ of it each differ by the noise of a restart.
    arms.map(({ name }) => [name, Math.exp(noise.restart * Math.SQRT1_2 * normal(random))]),
  )
  return (arm: string) =>
    200 * (costs[arm] ?? 1) * (base.get(arm) ?? 1) * Math.exp(noise.slice * normal(random))
}

const warmUp = ({ name }: Arm, restart: number): Slice[] =>
  [199, 202, 200, 198, 201, 199, 202, 200].map((costUs, position) => ({
    ...soundSlice({ restart, block: 0, pair: 0, position, arm: name }, costUs),
    phase: 'warm-up',
    warmedMs: 1200 * (position + 1),
  }))
