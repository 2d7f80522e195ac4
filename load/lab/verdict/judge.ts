import { countedTables } from '../counted/tables.ts'
import type { Arm, Header, RawRecord, RestartEnd, Slice } from '../record.ts'
import { holmAdjusted } from '../stats/holm.ts'
import { sum } from '../stats/mean.ts'
import { type PairedRatio, pairedRatio } from '../stats/paired-ratio.ts'
import { changeOver } from '../stats/trend.ts'
import type { Comparison, Refusal, Summary } from '../summary.ts'
import { aaCheckOf } from './aa-check.ts'
import { armSummary } from './arm-summary.ts'
import { costRatio, explanationOf, signsOf } from './explanation.ts'
import { costOf, speedOf } from './figures.ts'
import { pairsOf, slicePairsOf } from './pairs.ts'
import { costTrend, judgedTrends, ratioTrend, type Trend } from './trends.ts'
import { faultsAtRest, faultsOfArm, type Refused, type Sorted, sortSlices } from './validity.ts'
import { verdictOf } from './verdict.ts'

/** The records of a run. */
export type Run = { header: Header; records: readonly RawRecord[] }

/** The p values of the report's other runs; Holm's family is these and those of this run. */
export type JudgeOptions = { holmFamily?: readonly number[] }

/**
 * Computes the summary with its verdicts from the raw records, for the runner and for `verify`.
 *
 * @throws RangeError for a slice of an arm that is not in the header
 */
export const judge = (
  header: Header,
  records: readonly RawRecord[],
  { holmFamily = [] }: JudgeOptions = {},
): Summary => {
  const slices = records.filter((record): record is Slice => record.kind === 'slice')
  const ends = records.filter((record): record is RestartEnd => record.kind === 'restart')
  const evidence = evidenceOf(header, slices, ends)
  const used = evidence.sorted.valid
  return {
    version: 1,
    run: header,
    restarts: new Set(used.map(({ restart }) => restart)).size,
    ...endingOf(records),
    slices: {
      measured: used.length + evidence.sorted.refused.length,
      used: used.length,
      refused: refusalsOf(evidence.sorted.refused),
    },
    ...(evidence.aaCheck && { aaCheck: evidence.aaCheck }),
    ...(evidence.aaTrend && { aaTrend: evidence.aaTrend }),
    comparisons: comparisonsOf(evidence, holmFamily),
    ...countedOf(records),
    arms: header.arms.flatMap((arm) => {
      const mine = used.filter((slice) => slice.arm === arm.name)
      const trend = evidence.costTrends.get(arm.name)
      return mine.length > 0
        ? { ...armSummary(arm, mine, header.load), ...(trend && { costTrend: trend }) }
        : []
    }),
    ...driftOf(evidence),
    ...accountedOf(slices),
  }
}

/** The runs of one report, each with the others' p values in its family. */
export const judgeReport = (runs: readonly Run[]): Summary[] => {
  const values = runs.map(({ header, records }) => valuesOf(judge(header, records)))
  return runs.map(({ header, records }, at) =>
    judge(header, records, { holmFamily: values.filter((_, other) => other !== at).flat() }),
  )
}

const valuesOf = ({ comparisons }: Summary): number[] => comparisons.map(({ found }) => pOf(found))

/** A comparison without a result still counts for the correction for multiple comparisons. */
const pOf = (found: PairedRatio | undefined): number => found?.p ?? 1

type Evidence = {
  header: Header
  sorted: Sorted
  /** A and A'. */
  baselines: readonly [Arm, ...Arm[]]
  faults: string[]
  aaCheck: Summary['aaCheck']
  /** The trends of the ratios of A' to A, and of each treatment to A by its name. */
  aaTrend: Trend | undefined
  trends: ReadonlyMap<string, Trend>
  costTrends: ReadonlyMap<string, Trend>
}

const evidenceOf = (
  header: Header,
  slices: readonly Slice[],
  ends: readonly RestartEnd[],
): Evidence => {
  const sorted = sortSlices(header, slices)
  const [baseline, repeat] = [armOf(header, 'baseline'), armOf(header, 'repeat')]
  if (!baseline) throw new RangeError('The header has no baseline')
  const baselines = [baseline, ...(repeat ? [repeat] : [])] as const
  const costTrends = costTrendsOf(header, sorted)
  const faults = baselines.flatMap((arm) => faultsOfArm(arm, sorted, costTrends))
  const slicePairs = repeat ? slicePairsOf(sorted.valid, [baseline.name], repeat.name) : []
  return {
    header,
    sorted,
    baselines,
    faults: [...faultsAtRest(header, slices, ends), ...faults],
    aaCheck: aaCheckOf(pairsOf(slicePairs, (slice) => speedOf(slice, header))),
    costTrends,
    ...ratioTrendsOf(header, sorted, baselines),
  }
}

/** Cost trends by arm. The arms of a run are one family. */
const costTrendsOf = (header: Header, { valid }: Sorted): Map<string, Trend> =>
  namedTrends(
    header.arms.map(({ name }) => name),
    header.arms.map(({ name }) =>
      costTrend(
        header,
        valid.filter(({ arm }) => arm === name),
      ),
    ),
  )

/** The ratios of the treatments are one family; the A/A check is a single test. */
const ratioTrendsOf = (
  header: Header,
  { valid }: Sorted,
  [baseline, repeat]: Evidence['baselines'],
): Pick<Evidence, 'aaTrend' | 'trends'> => {
  const treatments = header.arms.filter(({ role }) => role === 'treatment').map(({ name }) => name)
  const either = namesOf(repeat ? [baseline, repeat] : [baseline])
  const trendOf = (ones: readonly string[], other: string) =>
    ratioTrend(header, slicePairsOf(valid, ones, other))
  const [aaTrend] = judgedTrends(repeat ? [trendOf([baseline.name], repeat.name)] : [])
  const found = treatments.map((name) => trendOf(either, name))
  return { aaTrend, trends: namedTrends(treatments, found) }
}

const namedTrends = (
  names: readonly string[],
  found: Parameters<typeof judgedTrends>[0],
): Map<string, Trend> =>
  new Map(judgedTrends(found).flatMap((trend, at) => (trend ? [[names[at] ?? '', trend]] : [])))

const armOf = ({ arms }: Header, role: Arm['role']) => arms.find((arm) => arm.role === role)

const comparisonsOf = (evidence: Evidence, others: readonly number[]): Comparison[] => {
  const treatments = evidence.header.arms.filter(({ role }) => role === 'treatment')
  const found = treatments.map((arm) => speedRatio(evidence, evidence.baselines, arm))
  const adjusted = holmAdjusted([...found.map(pOf), ...others])
  return treatments.map((arm, at) => comparisonOf(evidence, arm, found[at], adjusted[at]))
}

const comparisonOf = (
  evidence: Evidence,
  arm: Arm,
  found: PairedRatio | undefined,
  adjustedP = 1,
): Comparison => {
  const { header, sorted, baselines, aaCheck, aaTrend, costTrends } = evidence
  const slicePairs = slicePairsOf(sorted.valid, namesOf(baselines), arm.name)
  const trend = evidence.trends.get(arm.name)
  const faults = [...evidence.faults, ...faultsOfArm(arm, sorted, costTrends)]
  const direction = Math.sign((found?.ratio ?? 1) - 1)
  const explanation = explanationOf(direction, signsOf(slicePairs, header.load.mode))
  const cost = costRatio(slicePairs)
  const ceiling = armOf(header, 'ceiling')
  const againstCeiling = ceiling && speedRatio(evidence, [ceiling], arm)
  return {
    arm: arm.name,
    verdict: verdictOf({ faults, aaCheck, found, trend, aaTrend, adjustedP, explanation }),
    ...(found && { found, adjustedP }),
    ...(trend && { trend }),
    ...(cost && { cost }),
    ...(explanation && { explanation }),
    ...(againstCeiling &&
      againstCeiling.pairs >= fewestCeilingPairs &&
      faultsOfArm(ceiling, sorted, costTrends).length === 0 && { againstCeiling }),
  }
}

/** A share of the ceiling needs at least so many pairs to be printed. */
const fewestCeilingPairs = 6

const namesOf = (arms: readonly Arm[]): string[] => arms.map(({ name }) => name)

/** The speed of `other` over the speed of any of `ones`. */
const speedRatio = (
  { header, sorted }: Evidence,
  ones: readonly Arm[],
  other: Arm,
): PairedRatio | undefined =>
  pairedRatio(
    pairsOf(slicePairsOf(sorted.valid, namesOf(ones), other.name), (slice) =>
      speedOf(slice, header),
    ),
    0.95,
  )

const refusalsOf = (refused: readonly Refused[]): Refusal[] =>
  [
    ...Map.groupBy(refused, ({ slice, precondition }) => `${slice.arm} ${precondition.name}`),
  ].flatMap(([, [first, ...more]]) =>
    first
      ? {
          arm: first.slice.arm,
          precondition: first.precondition.name,
          slices: 1 + more.length,
          reason: first.reason,
        }
      : [],
  )

const endingOf = (records: readonly RawRecord[]): Pick<Summary, 'ending'> => {
  const end = records.find((record) => record.kind === 'end')
  return end ? { ending: end.why } : {}
}

const countedOf = (records: readonly RawRecord[]): Pick<Summary, 'counted'> => {
  const counted = countedTables(records)
  return counted.length > 0 ? { counted } : {}
}

const driftOf = ({ baselines, sorted }: Evidence): Pick<Summary, 'drift'> => {
  const names = namesOf(baselines)
  const costs = sorted.valid.filter(({ arm }) => names.includes(arm)).map(costOf)
  return costs.length >= 3 ? { drift: changeOver(costs) } : {}
}

const accountedOf = (slices: readonly Slice[]): Pick<Summary, 'accounted'> => {
  const measured = slices.filter(({ phase }) => phase === 'measured')
  const ours = measured.map(({ cpu, apartCpu }) =>
    sum([...Object.values(cpu), ...Object.values(apartCpu)]),
  )
  const accounted = sum(ours) / sum(measured.map(({ machineCpu }) => machineCpu))
  return Number.isFinite(accounted) ? { accounted } : {}
}
