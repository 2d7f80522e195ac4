import type { Times } from './inject.ts'
import { type RoundResult, verdictOf } from './suite.ts'

/** Summary of all rounds of a fault. */
export type RowFigures = {
  variant: string
  fault: string
  held: number
  inconclusive: number
  broken: number
  /** Operations with an unknown outcome; a retry with the same key resolved them. */
  unknown: number
  servesAfterMs?: Spread
  goodAfterMs?: Spread
  /** Rounds in which the goodput did not return to normal within the maximum wait. */
  neverGood: number
}

export type Spread = { median: number; worst: number; rounds: number }

export const figuresOfRow = (row: readonly RoundResult[]): RowFigures[] => {
  const [first] = row
  if (!first) return []
  const count = (verdict: string) => row.filter((each) => verdictOf(each) === verdict).length
  const figures = row.flatMap(({ round }) => (round.inconclusive ? [] : (round.figures ?? [])))
  const servesAfterMs = spreadOf(timesOf(figures, 'servesAfterMs'))
  const goodAfterMs = spreadOf(timesOf(figures, 'goodAfterMs'))
  const neverGood = figures.filter(({ times }) => isNeverNormal(times)).length
  return [
    {
      variant: first.variant,
      fault: first.fault,
      held: count('held'),
      inconclusive: count('inconclusive'),
      broken: count('broken'),
      unknown: figures.reduce((sum, { unknown }) => sum + unknown, 0),
      neverGood,
      ...(servesAfterMs && { servesAfterMs }),
      ...(goodAfterMs && { goodAfterMs }),
    },
  ]
}

const isNeverNormal = ({ servesAfterMs, goodAfterMs }: Times): boolean =>
  servesAfterMs !== undefined && goodAfterMs === undefined

const timesOf = (figures: readonly { times: Times }[], name: keyof Times): number[] =>
  figures.flatMap(({ times }) => times[name] ?? [])

/** An even number of values has the lower median. */
const spreadOf = (values: readonly number[]): Spread | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  const [median, worst] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted.at(-1)]
  if (median === undefined || worst === undefined) return undefined
  return { median, worst, rounds: sorted.length }
}
