import type { Times } from './inject.ts'
import { type Played, verdictOf } from './suite.ts'

/** The rounds of a fault in one line. */
export type RowFigures = {
  variant: string
  fault: string
  held: number
  inconclusive: number
  broken: number
  /** Answers that left open what had become of it, and were found out by asking again. */
  unknown: number
  servesAfterMs?: Spread
  goodAfterMs?: Spread
  /** Rounds in which it was not as good again within the time that one waits for it. */
  neverGood: number
}

export type Spread = { median: number; worst: number; rounds: number }

export const figuresOfRow = (row: readonly Played[]): RowFigures[] => {
  const [first] = row
  if (!first) return []
  const count = (verdict: string) => row.filter((each) => verdictOf(each) === verdict).length
  const figures = row.flatMap(({ round }) => (round.inconclusive ? [] : (round.figures ?? [])))
  const servesAfterMs = spreadOf(timesOf(figures, 'servesAfterMs'))
  const goodAfterMs = spreadOf(timesOf(figures, 'goodAfterMs'))
  const neverGood = figures.filter(({ times }) => isNeverGood(times)).length
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

const isNeverGood = ({ servesAfterMs, goodAfterMs }: Times): boolean =>
  servesAfterMs !== undefined && goodAfterMs === undefined

const timesOf = (figures: readonly { times: Times }[], name: keyof Times): number[] =>
  figures.flatMap(({ times }) => times[name] ?? [])

/** The median is the lower one of an even number. */
const spreadOf = (values: readonly number[]): Spread | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  const [median, worst] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted.at(-1)]
  if (median === undefined || worst === undefined) return undefined
  return { median, worst, rounds: sorted.length }
}
