import type { Header } from '../record.ts'
import { sum } from '../stats/mean.ts'
import type { Summary } from '../summary.ts'

/** Whether a self-test detected the planted differences correctly. */

type Planted = NonNullable<Header['planted']>

/**
 * One sentence for each planted difference that the run did not detect correctly. The planted cost
 * must be within the interval of the cost ratio; a verdict of slower is not enough.
 */
export const faultsOfSelfTest = (summary: Summary): string[] => {
  const { planted } = summary.run
  if (planted === undefined) return ['the header has no planted difference']
  return [...faultsOfSame(summary, planted), ...faultsOfSlowed(summary, planted)]
}

const comparisonOf = ({ comparisons }: Summary, arm: string) =>
  comparisons.find((each) => each.arm === arm)

const equal: readonly (string | undefined)[] = ['equivalent', 'no significant difference']

const faultsOfSame = (summary: Summary, { slowed }: Planted): string[] =>
  summary.comparisons
    .filter(({ arm, verdict }) => arm !== slowed && !equal.includes(verdict.kind))
    .map(({ arm, verdict }) => `${arm} is an equal arm, but its verdict is: ${verdict.sentence}`)

const faultsOfSlowed = (summary: Summary, { slowed, us }: Planted): string[] => {
  const comparison = comparisonOf(summary, slowed)
  const baseline = summary.arms.find(({ role }) => role === 'baseline')
  if (!comparison?.cost || !baseline) return [`${slowed} was not measured`]
  const truth = 1 + us / sum(Object.values(baseline.cost))
  const { low, high } = comparison.cost
  return [
    ...(comparison.verdict.kind === 'slower'
      ? []
      : [`${slowed}: the verdict is ${comparison.verdict.sentence}`]),
    ...(low <= truth && truth <= high
      ? []
      : [
          `${slowed} costs ×${truth.toFixed(3)}, but the measured interval is [${low.toFixed(3)}..${high.toFixed(3)}]`,
        ]),
  ]
}
