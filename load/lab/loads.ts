import { full, type Pace } from './pace.ts'
import type { Figure, Load } from './record.ts'
import { isPrintable } from './stats/quantile.ts'

/** The loads that a subject can be put under. They are never mixed in one run. */

export type LoadKind = 'capacity' | 'latency' | 'spike' | 'replay'

export const loadKinds: readonly LoadKind[] = ['capacity', 'latency', 'spike', 'replay']

/** What k6 plays; the load of `capacity` is the lab's own generator's. */
export type K6Kind = Exclude<LoadKind, 'capacity'>

/** Users of the plan's profile, and the seconds that each thinks on average. */
const users = { count: 100, thinkS: 1 }

/** Iterations that may be under way in an open loop. */
const underWayMax = 200

/** A spike takes 10 s of 30, the p95 of a replay 2,000 answers at one a second of each user. */
const paces: Record<LoadKind, Pace> = {
  capacity: full,
  latency: { ...full, sliceMs: 4_000, blocks: 4 },
  spike: { ...full, sliceMs: 30_000, blocks: 1 },
  replay: { ...full, sliceMs: 24_000, blocks: 1 },
}

/** @param own what a subject wants otherwise; slices only where it is put under all it can take */
export const paceOf = (
  kind: LoadKind,
  { warmRequests = full.warmRequests, ...own }: Partial<Pace> = {},
): Pace => ({ ...paces[kind], ...(kind === 'capacity' && defined(own)), warmRequests })

const defined = ({ sliceMs = full.sliceMs, blocks = full.blocks }: Partial<Pace>) => ({
  sliceMs,
  blocks,
})

export type Played = {
  /** For the record. */
  load: Load
  /** What of it is judged. */
  figure: Figure
  /** What the script is told. */
  given: Readonly<Record<string, string>>
}

type Wanted = {
  script: string
  /** Requests a second, in an open loop. */
  rate: number
  /** What it is of the baseline's capacity, in per cent. */
  share: number
}

/** The load of a script. */
export const playedBy = (kind: K6Kind, { script, rate, share }: Wanted): Played => {
  const { sliceMs } = paces[kind]
  if (kind === 'replay') {
    const { count, thinkS } = users
    return {
      load: { mode: 'replay', clients: count, thinkMs: thinkS * 1_000, profile: script },
      figure: figureOf((count / thinkS) * (sliceMs / 1_000)),
      given: { MODE: 'users', VUS: String(count), THINK: String(thinkS) },
    }
  }
  const spike = kind === 'spike' ? ', three times as much for 10 s' : ''
  const profile = `${share} % of what the baseline can do${spike}`
  return {
    load: { mode: 'latency', rate, profile },
    figure: figureOf(rate * (sliceMs / 1_000)),
    given: { MODE: kind === 'spike' ? 'spike' : 'rate', RATE: String(rate), VUS: `${underWayMax}` },
  }
}

/** The highest quantile that so many answers a slice can tell, with a margin. */
const figureOf = (answers: number): Figure => {
  const n = answers * 0.9
  if (isPrintable(0.95, n)) return 'p95'
  return isPrintable(0.5, n) ? 'p50' : 'mean'
}
