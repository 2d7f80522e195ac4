import type { Header, RawRecord, Role, Slice } from '../record.ts'
import { type PairedRatio, pairedRatio } from '../stats/paired-ratio.ts'
import type { Summary } from '../summary.ts'
import { rateOf, speedOf } from '../verdict/figures.ts'
import { pairsOf, slicePairsOf } from '../verdict/pairs.ts'
import { type Refused, sortSlices } from '../verdict/validity.ts'

/** One comparison under one load: its records and its summary. */
export type ReportRun = { header: Header; records: readonly RawRecord[]; summary: Summary }

export type ReportOptions = {
  /** A sentence that says why the run is incomplete; absent for a complete run. */
  incomplete?: string
}

/** A run with the data that charts need beyond its summary. */
export type Evidence = ReportRun & {
  /** All measured slices in the order of time. */
  slices: Slice[]
  valid: Slice[]
  refused: Refused[]
  /** The comparison of A' with A, computed like any other. */
  aaCheck: { name: string; found: PairedRatio } | undefined
}

export const evidenceOf = (run: ReportRun): Evidence => {
  const all = run.records.filter((record) => record.kind === 'slice')
  const { valid, refused } = sortSlices(run.header, all)
  const slices = all.filter(({ phase }) => phase === 'measured')
  const aaCheck = aaCheckOf(run.header, valid)
  return { ...run, slices, valid, refused, aaCheck }
}

const nameOf = ({ arms }: Header, role: Role): string | undefined =>
  arms.find((arm) => arm.role === role)?.name

const aaCheckOf = (header: Header, valid: readonly Slice[]): Evidence['aaCheck'] => {
  const [baseline, name] = [nameOf(header, 'baseline'), nameOf(header, 'repeat')]
  if (baseline === undefined || name === undefined) return undefined
  const pairs = pairsOf(slicePairsOf(valid, [baseline], name), (slice) => speedOf(slice, header))
  const found = pairedRatio(pairs, 0.95)
  return found && { name, found }
}

/** The rows of the forest plot: each treatment with a ratio, then the A/A check. */
export const ratiosOf = ({
  summary,
  aaCheck,
}: Evidence): { arm: string; name: string; found: PairedRatio }[] => [
  ...summary.comparisons.flatMap(({ arm, found }) => (found ? { arm, name: arm, found } : [])),
  ...(aaCheck
    ? [{ arm: aaCheck.name, name: `${aaCheck.name} (A/A check)`, found: aaCheck.found }]
    : []),
]

/** The judged figure in units of work per second, or in milliseconds. */
export const figureOf = (slice: Slice, header: Header): number | undefined => {
  if (header.figure === 'rate') return rateOf(slice)
  const speed = speedOf(slice, header)
  return speed === undefined ? undefined : 1 / speed
}
