import type { Schedule } from './generator/protocol.ts'
import { full, type Pace } from './pace.ts'
import type { Figure, Load } from './record.ts'
import { isPrintable } from './stats/quantile.ts'

/** The kinds of load. A run has one of them. */

export type LoadKind = 'capacity' | 'latency' | 'spike' | 'replay'

export const loadKinds: readonly LoadKind[] = ['capacity', 'latency', 'spike', 'replay']

/** The users of a replay, and their mean think time in seconds. */
const users = { count: 100, thinkS: 1 }

/**
 * A spike takes 10 s of 30. The p95 of a replay needs 2,000 responses, one per second and user. Restarts
 * differ more than blocks, so that more than two blocks of a latency cost time and gain little.
 */
const paces: Record<LoadKind, Pace> = {
  capacity: full,
  latency: { ...full, sliceMs: 4_000, blocks: 2 },
  spike: { ...full, sliceMs: 30_000, blocks: 1 },
  replay: { ...full, sliceMs: 24_000, blocks: 1 },
}

/** @param own a subject's own values; its slices and blocks apply to the load `capacity` only */
export const paceOf = (
  kind: LoadKind,
  { warmRequests = full.warmRequests, ...own }: Partial<Pace> = {},
): Pace => ({ ...paces[kind], ...(kind === 'capacity' && defined(own)), warmRequests })

const defined = ({ sliceMs = full.sliceMs, blocks = full.blocks }: Partial<Pace>) => ({
  sliceMs,
  blocks,
})

type Judged = {
  /** For the header. */
  load: Load
  /** The figure that is judged. */
  figure: Figure
}

/** The settings of a k6 script for these users. */
export const replayOf = (script: string) => {
  const { count, thinkS } = users
  const judged: Judged = {
    load: { mode: 'replay', clients: count, thinkMs: thinkS * 1_000, profile: script },
    figure: figureOf((count / thinkS) * (paces.replay.sliceMs / 1_000)),
  }
  return { ...judged, script, given: { MODE: 'users', VUS: `${count}`, THINK: `${thinkS}` } }
}

/** The middle third of a spike's slice has three times the rate. */
const spikeFactors = { latency: 1, spike: 3 }

/** The kind of a recorded load. */
export const kindOf = (load: Load): LoadKind => {
  if (load.mode !== 'latency') return load.mode
  return load.spikeFactor === spikeFactors.spike ? 'spike' : 'latency'
}

/**
 * An open loop of the lab's own generator.
 *
 * @param rate requests per second outside the spike
 * @param share the rate in per cent of the baseline's capacity
 */
export const openLoadOf = (
  kind: 'latency' | 'spike',
  rate: number,
  share: number,
): Judged & { schedule: Schedule } => {
  const schedule = { rate, spikeFactor: spikeFactors[kind] }
  return {
    load: { mode: 'latency', share, ...schedule },
    figure: figureOf(rate * (paces[kind].sliceMs / 1_000)),
    schedule,
  }
}

/** The highest quantile that this many responses per slice determine, with a margin. */
const figureOf = (responses: number): Figure => {
  const n = responses * 0.9
  if (isPrintable(0.95, n)) return 'p95'
  return isPrintable(0.5, n) ? 'p50' : 'mean'
}
