import { fewestRestarts } from '../schedule/stop.ts'
import type { PairedRatio } from '../stats/paired-ratio.ts'
import type { AaCheck } from './aa-check.ts'
import type { Explanation } from './explanation.ts'

/** Everything that one verdict depends on. */
export type Findings = {
  /** Why the run does not count at all; none where it does. */
  faults: readonly string[]
  aaCheck: AaCheck | undefined
  /** B's speed over A's, at 95 %. */
  found: PairedRatio | undefined
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
 * waiting behind it is no claim: it is called unexplained, and neither faster nor equivalent.
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
    kind: 'faster',
    sentence: (findings) =>
      findings.explanation && ifReal(findings, (it) => it.ratio > 1 && `faster ${ratioOf(it)}`),
  },
  {
    kind: 'slower',
    sentence: (findings) =>
      findings.explanation && ifReal(findings, (it) => it.ratio < 1 && `slower ${ratioOf(it)}`),
  },
  {
    kind: 'unexplained',
    sentence: (findings) =>
      ifReal(
        findings,
        (it) => `unexplained: ${ratioOf(it)}, with no cost and no waiting behind it`,
      ),
  },
  {
    kind: 'equivalent',
    sentence: ({ found }) =>
      found && found.low >= equivalence.low && found.high <= equivalence.high
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

const ratioOf = (it: PairedRatio): string => {
  const digits = Math.min(Math.abs(it.low - 1), Math.abs(it.high - 1)) < 0.005 ? 3 : 2
  return `×${it.ratio.toFixed(digits)} ${range(it, digits)}`
}

const range = ({ low, high }: { low: number; high: number }, digits = 2): string =>
  `[${low.toFixed(digits)}..${high.toFixed(digits)}]`

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
