import { styleOf } from '../arm-styles.ts'
import type { Evidence } from '../evidence.ts'
import { whole } from '../numbers.ts'
import { type Rate, rateOver } from '../rates.ts'
import type { Drawing } from './chart.ts'
import { rowsDrawing } from './rows.ts'

type Rung = { name: string; rate: Rate }

/** The rate of each arm and of the ceiling; undefined if fewer than two have an interval. */
export const ladderChart = (evidence: Evidence): Drawing | undefined => {
  const rungs = rungsOf(evidence)
  if (rungs.length < 2) return undefined
  return rowsDrawing({
    title: 'Rate of each arm',
    description: rungs.map(({ name, rate }) => `${name} ${whole(rate.centre)} a second`).join('; '),
    rows: rungs.map(({ name, rate }) => ({
      ...{ name, ...rate },
      label: whole(rate.centre),
      colour: styleOf(evidence.header.arms, name).colour,
    })),
    axis: 'units of work a second',
  })
}

/**
 * From the slowest to the fastest, without the second baseline and without arms that saturated the
 * generator, because their rate is the generator's.
 */
const rungsOf = ({ header: { arms }, valid, refused }: Evidence): Rung[] =>
  arms
    .filter(({ role, name }) => role !== 'repeat' && !hasFullGenerator(name, valid, refused))
    .flatMap(({ name }) => {
      const rate = rateOver(valid.filter(({ arm }) => arm === name))
      return rate ? [{ name, rate }] : []
    })
    .sort((one, other) => one.rate.centre - other.rate.centre)

/** Whether more than a tenth of its slices do not count because the generator was saturated. */
const hasFullGenerator = (
  name: string,
  valid: Evidence['valid'],
  refused: Evidence['refused'],
): boolean => {
  const mine = refused.filter(({ slice }) => slice.arm === name)
  const full = mine.filter(({ precondition }) => precondition.name === 'generator').length
  return full > 0.1 * (mine.length + valid.filter(({ arm }) => arm === name).length)
}
