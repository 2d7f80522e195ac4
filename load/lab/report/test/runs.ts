import type { Header, Slice } from '../../record.ts'
import { judge } from '../../verdict/judge.ts'
import { header, type Simulation, simulated } from '../../verdict/test/simulate.ts'
import type { ReportRun } from '../evidence.ts'

/** A simulated run, judged, in which B needs half of A's CPU unless it is said otherwise. */
export const runOf = (simulation: Simulation = {}): ReportRun => {
  const run = simulation.header ?? header()
  const records = simulated({ costs: { optimized: 0.5 }, ...simulation, header: run })
  return { header: run, records, summary: judge(run, records) }
}

/** Something else about the measured slices of one block of the first restart. */
export const inFirstBlock =
  (changes: Partial<Slice>) =>
  ({ phase, restart, block }: Slice): Partial<Slice> =>
    phase === 'measured' && restart === 0 && block === 0 ? changes : {}

export const loads: readonly Header['load'][] = [
  { mode: 'capacity', clients: 32 },
  { mode: 'latency', rate: 2_500, share: 50, spikeFactor: 1 },
  { mode: 'replay', clients: 32, thinkMs: 0, profile: 'product-list' },
]
