import type { Header, Role } from './record.ts'
import type { PairedRatio } from './stats/paired-ratio.ts'
import type { AaCheck } from './verdict/aa-check.ts'
import type { Explanation } from './verdict/explanation.ts'
import type { Trend } from './verdict/trends.ts'
import type { Verdict } from './verdict/verdict.ts'

/** What is made of the raw records of a run; written beside them, and the same when made again. */
export type Summary = {
  version: 1
  run: Header
  restarts: number
  /** Why it stopped; absent where it was interrupted, or is older than the note. */
  ending?: string
  slices: { measured: number; used: number; refused: Refusal[] }
  aaCheck?: AaCheck
  /** How the ratio of the two equal arms goes from block to block. */
  aaTrend?: Trend
  /** One for each treatment, in the order of the header. */
  comparisons: Comparison[]
  /** What was counted once, before the load; absent where nothing was. */
  counted?: CountedTable[]
  /** Those that have slices that count. */
  arms: ArmSummary[]
  /** How the baseline's CPU for a unit of work went from the first slice to the last, as a share. */
  drift?: number
  /** The part of the machine's busy time that the cost table and the lab itself account for. */
  accounted?: number
}

/** Slices that do not count, of one arm and for one reason; the text is that of the first. */
export type Refusal = { arm: string; precondition: string; slices: number; reason: string }

/** An experiment of its own: for a unit of work each. */
export type CountedTable = {
  caption: string
  rows: {
    name: string
    /** How PostgreSQL found the rows. */
    ways: string[]
    counts: Record<string, number>
    /** Of several runs. */
    ranges?: Record<string, Range>
    /** Why its ranges are not to be compared with those of other rows. */
    notCompared?: string
  }[]
}

export type Range = { median: number; least: number; most: number; runs: number }

export type Comparison = {
  arm: string
  verdict: Verdict
  /** Its speed over the baseline's: above 1 is faster. */
  found?: PairedRatio
  /** How `found` goes from block to block. */
  trend?: Trend
  /** `found.p`, for all comparisons of the report. */
  adjustedP?: number
  /** Its CPU for a unit of work over the baseline's: below 1 is cheaper. */
  cost?: PairedRatio
  explanation?: Explanation
  /** Its speed over that of the limit. */
  againstCeiling?: PairedRatio
}

export type ArmSummary = {
  name: string
  role: Role
  slices: number
  /** Units of work a second. */
  rate: number
  /** CPU microseconds for a unit of work, by process. */
  cost: Record<string, number>
  /** The same for what the system did after the window, until it was at rest. */
  after?: Record<string, number>
  /** How its cost goes from block to block. */
  costTrend?: Trend
  /** For a unit of work. */
  counts: Record<string, number>
  witnesses: Record<string, number>
  latency: Record<string, LatencySummary>
  /** In an open loop, from sending and not from the moment that a request was due. */
  service?: LatencySummary
  eventLoop: Record<string, number>
  /** The mean number of backends that waited, by what for. */
  waiting: Record<string, number>
  serverUtilization: number
  generatorUtilization: number
  /** Bytes, the most that was seen. */
  memory: Record<string, number>
  /** How far a closed loop is from N = X (R + Z), as a share of N. */
  littlesLaw?: number
}

export type LatencySummary = {
  n: number
  meanMs: number
  /** `p50`, `p90`… where there are values enough for them. */
  quantilesMs: Record<string, number>
}
