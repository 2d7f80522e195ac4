import { styleOf } from '../arm-styles.ts'
import { type Evidence, ratiosOf } from '../evidence.ts'
import { interval } from '../numbers.ts'
import { times } from './axis.ts'
import type { Drawing } from './chart.ts'
import { lineAtOne } from './line-at-one.ts'
import { rowsDrawing } from './rows.ts'

/** Each treatment's speed over the baseline's with its interval, and the A/A check for comparison. */
export const forestChart = (evidence: Evidence): Drawing | undefined => {
  const ratios = ratiosOf(evidence)
  if (ratios.length === 0) return undefined
  return rowsDrawing({
    title: 'Speed over the baseline',
    description: ratios.map(({ name, found }) => `${name} ${interval(found)}`).join('; '),
    rows: ratios.map(({ arm, name, found: { low, ratio, high } }) => ({
      ...{ name, low, centre: ratio, high },
      label: isInvalid(evidence, arm) ? 'INVALID' : interval({ low, ratio, high }),
      isHollow: isInvalid(evidence, arm),
      colour: styleOf(evidence.header.arms, arm).colour,
    })),
    axis: 'ratio [95 %]; above 1 is faster',
    print: times,
    bounds: [1],
    series: lineAtOne,
  })
}

const isInvalid = ({ summary }: Evidence, arm: string): boolean =>
  summary.comparisons.some((each) => each.arm === arm && each.verdict.kind === 'INVALID')
