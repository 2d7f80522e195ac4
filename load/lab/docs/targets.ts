import type { Target } from '../subjects/subject.ts'
import type { Comparison } from '../summary.ts'

/** The targets of a measurement, and whether they are met. */

/** @returns a sentence for each target whose variant was compared */
export const targetsText = (
  targets: readonly Target[],
  comparisons: readonly Comparison[],
): string[] =>
  targets.flatMap((target) => {
    const comparison = comparisons.find(({ arm }) => arm === target.variant)
    return comparison === undefined ? [] : [sentenceOf(target, comparison)]
  })

const sentenceOf = (target: Target, comparison: Comparison): string => {
  const { variant, atLeast, of } = target
  return `Target: \`${variant}\` at least ${atLeast} × the rate of the ${of}: ${outcomeOf(target, comparison)}.`
}

/** Decided only if the whole interval is on one side of the target. */
const outcomeOf = ({ atLeast, of }: Target, comparison: Comparison): string => {
  const found = of === 'ceiling' ? comparison.againstCeiling : comparison.found
  if (found === undefined || comparison.verdict.kind === 'INVALID') return 'not measured'
  const { ratio, low, high } = found
  const figure = `${ratio.toFixed(2)} [${low.toFixed(2)}..${high.toFixed(2)}]`
  if (low >= atLeast) return `met, ${figure}`
  return high < atLeast ? `missed, ${figure}` : `not decided, ${figure}`
}
