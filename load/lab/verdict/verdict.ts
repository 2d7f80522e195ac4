import { fewestRestarts } from '../schedule/stop.ts'
import type { PairedRatio } from '../stats/paired-ratio.ts'
import type { AaCheck } from './aa-check.ts'
import type { Explanation } from './explanation.ts'
import type { Trend } from './trends.ts'

/** Everything that one verdict depends on. */
export type Findings = {
  /** Why the run does not count at all; none where it does. */
  faults: readonly string[]
  aaCheck: AaCheck | undefined
  /** B's speed over A's, at 95 %. */
  found: PairedRatio | undefined
  /** How that goes from block to block, and how it goes for the two equal arms. */
  trend: Trend | undefined
  aaTrend: Trend | undefined
  /** For all comparisons of the report; Holm. */
  adjustedP: number
  explanation: Explanation | undefined
}

export type VerdictKind =
  | 'INVALID'
  | 'inconclusive'
  | 'faster'
  | 'slower'
  | 'unexplained'
  | 'drifting'
  | 'equivalent'
  | 'no significant difference'

export type Verdict = { kind: VerdictKind; sentence: string }

const noisiest = 0.1
const smallestEffect = 0.03
const significant = 0.05
const equivalence = { low: 0.95, high: 1.05 }

type Row = { kind: VerdictKind; sentence: (findings: Findings) => string | undefined }

/**
 * The first that matches. A difference that is real by every measure and has neither cost nor
 * waiting behind it is no claim: it is called unexplained, and neither faster nor equivalent. A ratio
 * that goes up or down from block to block has no mean worth printing: its ends are printed instead,
 * and it is only called faster or slower where it is so at both.
 */
const rows: readonly Row[] = [
  {
    kind: 'INVALID',
    sentence: ({ faults }) => (faults.length > 0 ? `INVALID: ${faults.join('; ')}` : undefined),
  },
  {
    kind: 'inconclusive',
    sentence: ({ aaCheck, found }) => {
      const restarts = Math.min(aaCheck?.restarts ?? 0, found?.restarts ?? 0)
      return restarts < fewestRestarts
        ? `inconclusive: ${restarts} of at least ${fewestRestarts} restarts`
        : undefined
    },
  },
  {
    kind: 'inconclusive',
    sentence: ({ aaCheck }) =>
      aaCheck && !aaCheck.containsOne
        ? `inconclusive: machine too noisy (two equal arms differ, ${range(aaCheck)} at 99 %)`
        : undefined,
  },
  {
    kind: 'inconclusive',
    sentence: ({ aaCheck }) =>
      aaCheck && aaCheck.resolution > noisiest
        ? `inconclusive: machine too noisy (it resolves ${percent(aaCheck.resolution)})`
        : undefined,
  },
  {
    kind: 'inconclusive',
    sentence: ({ aaTrend }) =>
      aaTrend?.isFound
        ? `inconclusive: the ratio of two equal arms drifts, last block over first ${timesWithRange(aaTrend)}`
        : undefined,
  },
  {
    kind: 'drifting',
    sentence: ({ found, trend, aaCheck }) =>
      found && trend?.isFound && !isOneSided(found, trend, smallestEffectOf(aaCheck))
        ? `drifting: ${endsOf(found, trend)} (last over first ${timesWithRange(trend)})`
        : undefined,
  },
  {
    kind: 'faster',
    sentence: (findings) =>
      findings.explanation &&
      ifReal(findings, (it) => it.ratio > 1 && `faster${sizeOf(it, findings)}`),
  },
  {
    kind: 'slower',
    sentence: (findings) =>
      findings.explanation &&
      ifReal(findings, (it) => it.ratio < 1 && `slower${sizeOf(it, findings)}`),
  },
  {
    kind: 'unexplained',
    sentence: (findings) =>
      ifReal(
        findings,
        (it) => `unexplained:${sizeOf(it, findings)}, with no cost and no waiting behind it`,
      ),
  },
  {
    kind: 'equivalent',
    sentence: ({ found, aaCheck }) =>
      found && aaCheck && isWithinMargin(found) && isWithinMargin(aaCheck.at95)
        ? 'equivalent within ±5 %'
        : undefined,
  },
  {
    kind: 'no significant difference',
    sentence: ({ aaCheck, found }) => {
      const least = Math.max(found?.detectable ?? 0, smallestEffectOf(aaCheck))
      return `no significant difference (could have detected ≥ ${percent(least)})`
    },
  },
]

export const verdictOf = (findings: Findings): Verdict => {
  for (const { kind, sentence } of rows) {
    const said = sentence(findings)
    if (said !== undefined) return { kind, sentence: said }
  }
  throw new RangeError('No verdict matches, although the last of them always does')
}

/** The interval excludes 1, the effect is large enough for this machine, and Holm agrees. */
const ifReal = (
  { found, aaCheck, adjustedP }: Findings,
  say: (found: PairedRatio) => string | false,
): string | undefined => {
  if (!found || (found.low <= 1 && found.high >= 1)) return undefined
  if (effectOf(found) < smallestEffectOf(aaCheck) || adjustedP >= significant) return undefined
  return say(found) || undefined
}

const smallestEffectOf = (aaCheck: AaCheck | undefined): number =>
  Math.max(smallestEffect, aaCheck?.resolution ?? 0)

/** How far from 1, the same for ×1.25 and ×0.8. */
const effectOf = ({ ratio }: PairedRatio): number => Math.max(ratio, 1 / ratio) - 1

const isWithinMargin = ({ low, high }: Interval): boolean =>
  low >= equivalence.low && high <= equivalence.high

type Interval = { low: number; high: number }

/** A drift is no average: both of its ends, or the ratio with its interval. */
const sizeOf = (it: PairedRatio, { trend }: Findings): string =>
  trend?.isFound ? `, drifting: ${endsOf(it, trend)}` : ` ${ratioOf(it)}`

/** Where the line through the blocks is in the first of them, and in the last. */
const lineEnds = ({ ratio }: PairedRatio, { change }: Trend): [first: number, last: number] => [
  ratio / Math.sqrt(change),
  ratio * Math.sqrt(change),
]

const endsOf = (found: PairedRatio, trend: Trend): string => {
  const [first, last] = lineEnds(found, trend)
  return `×${first.toFixed(2)} in the first block, ×${last.toFixed(2)} in the last`
}

/** Faster, or slower, by enough at both ends. */
const isOneSided = (found: PairedRatio, trend: Trend, least: number): boolean => {
  const ends = lineEnds(found, trend)
  return ends.every((it) => it >= 1 + least) || ends.every((it) => it <= 1 / (1 + least))
}

const timesWithRange = ({ change, low, high }: Trend): string =>
  `×${change.toFixed(2)} ${range({ low, high })}`

const ratioOf = (it: PairedRatio): string => {
  const digits = Math.min(Math.abs(it.low - 1), Math.abs(it.high - 1)) < 0.005 ? 3 : 2
  return `×${it.ratio.toFixed(digits)} ${range(it, digits)}`
}

const range = ({ low, high }: Interval, digits = 2): string =>
  `[${low.toFixed(digits)}..${high.toFixed(digits)}]`

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
