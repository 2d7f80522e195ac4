import type { Header, Role } from './record.ts'
import type { PairedRatio } from './stats/paired-ratio.ts'
import type { AaCheck } from './verdict/aa-check.ts'
import type { Explanation } from './verdict/explanation.ts'
import type { Trend } from './verdict/trends.ts'
import type { Verdict } from './verdict/verdict.ts'

/** The summary of a run, computed from its raw records alone and stored beside them. */
export type Summary = {
  version: 1
  run: Header
  restarts: number
  /** Why it stopped; absent for an interrupted run and for records before version 3. */
  ending?: string
  slices: { measured: number; used: number; refused: Refusal[] }
  aaCheck?: AaCheck
  /** The trend over the blocks of the ratio of the two equal arms. */
  aaTrend?: Trend
  /** One for each treatment, in the order of the header. */
  comparisons: Comparison[]
  /** The counting experiments; absent if the subject has none. */
  counted?: CountedTable[]
  /** Arms with at least one slice that counts. */
  arms: ArmSummary[]
  /** The relative change of the baseline's CPU for a unit of work from the first slice to the last. */
  drift?: number
  /** The part of the machine's busy time that the cost table and the lab itself account for. */
  accounted?: number
}

/** Slices of one arm that do not count for the same precondition; `reason` is that of the first. */
export type Refusal = { arm: string; precondition: string; slices: number; reason: string }

/** A counting experiment; its figures are for a unit of work. */
export type CountedTable = {
  caption: string
  rows: {
    name: string
    /** The scans in the plans. */
    ways: string[]
    counts: Record<string, number>
    /** Figures of several runs. */
    ranges?: Record<string, Range>
    /** Why its ranges must not be compared with those of other rows. */
    notCompared?: string
  }[]
}

export type Range = { median: number; least: number; most: number; runs: number }

export type Comparison = {
  arm: string
  verdict: Verdict
  /** Its speed over the baseline's: above 1 is faster. */
  found?: PairedRatio
  /** The trend of `found` over the blocks. */
  trend?: Trend
  /** `found.p`, adjusted for the number of comparisons in the report. */
  adjustedP?: number
  /** Its CPU for a unit of work over the baseline's: below 1 is cheaper. */
  cost?: PairedRatio
  explanation?: Explanation
  /** Its speed over the ceiling's. */
  againstCeiling?: PairedRatio
}

export type ArmSummary = {
  name: string
  role: Role
  slices: number
  /** Units of work per second. */
  rate: number
  /** CPU microseconds for a unit of work, by process. */
  cost: Record<string, number>
  /** The same for the work after the window, until the system was at rest. */
  after?: Record<string, number>
  /** The trend of its cost over the blocks. */
  costTrend?: Trend
  /** For a unit of work. */
  counts: Record<string, number>
  witnesses: Record<string, number>
  latency: Record<string, LatencySummary>
  /** In an open loop: measured from sending, not from the time at which a request was due. */
  service?: LatencySummary
  eventLoop: Record<string, number>
  /** The mean number of waiting backends, by wait event type. */
  waiting: Record<string, number>
  serverUtilization: number
  generatorUtilization: number
  /** The maximum, in bytes. */
  memory: Record<string, number>
  /** The deviation of a closed loop from N = X (R + Z), as a share of N. */
  littlesLaw?: number
}

export type LatencySummary = {
  n: number
  meanMs: number
  /** `p50`, `p90`… if there are enough values. */
  quantilesMs: Record<string, number>
}
