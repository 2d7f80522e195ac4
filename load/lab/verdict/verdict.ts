import { fewestRestarts } from '../schedule/stop.ts'
import type { PairedRatio } from '../stats/paired-ratio.ts'
import type { AaCheck } from './aa-check.ts'
import type { Explanation } from './explanation.ts'
import type { Trend } from './trends.ts'

/** Everything that a verdict depends on. */
export type Findings = {
  /** Why the run is invalid; empty if it is valid. */
  faults: readonly string[]
  aaCheck: AaCheck | undefined
  /** B's speed over A's, at 95 %. */
  found: PairedRatio | undefined
  /** The trend of that ratio over the blocks, and of the ratio of the two equal arms. */
  trend: Trend | undefined
  aaTrend: Trend | undefined
  /** The p value adjusted by Holm for all comparisons of the report. */
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
 * The first rule that matches gives the verdict. A significant difference that neither cost nor
 * waiting explains is `unexplained`, neither faster nor equivalent. The mean of a ratio with a trend
 * is not printed; its first and last values are, and it is faster or slower only if both are.
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
  throw new RangeError('No verdict matches, although the last one always does')
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

/** The distance from 1, equal for ×1.25 and ×0.8. */
const effectOf = ({ ratio }: PairedRatio): number => Math.max(ratio, 1 / ratio) - 1

const isWithinMargin = ({ low, high }: Interval): boolean =>
  low >= equivalence.low && high <= equivalence.high

type Interval = { low: number; high: number }

/** With a trend its first and last values, otherwise the ratio with its interval. */
const sizeOf = (it: PairedRatio, { trend }: Findings): string =>
  trend?.isFound ? `, drifting: ${endsOf(it, trend)}` : ` ${ratioOf(it)}`

/** The fitted values in the first and in the last block. */
const lineEnds = ({ ratio }: PairedRatio, { change }: Trend): [first: number, last: number] => [
  ratio / Math.sqrt(change),
  ratio * Math.sqrt(change),
]

const endsOf = (found: PairedRatio, trend: Trend): string => {
  const [first, last] = lineEnds(found, trend)
  return `×${first.toFixed(2)} in the first block, ×${last.toFixed(2)} in the last`
}

/** Whether it is faster, or slower, by enough in the first and in the last block. */
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
