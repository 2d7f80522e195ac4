import { quantile } from '../stats/quantile.ts'
import { bareName, type Sample } from './work.ts'

/** The cost of one kind of work over all rounds. */
export type Cost = {
  work: string
  /** Medians over the rounds, in microseconds for each request. */
  totalUs: number
  byProcess: Readonly<Record<string, number>>
  /** Total over the bare route of the same round: median, least and most. */
  bareRoutes: { median: number; min: number; max: number }
  /** Bytes for each request; NaN if no process reports them. */
  allocated: number
  /** Medians of the counters for each request, by name; empty without counters. */
  counted: Readonly<Record<string, number>>
  perSecond: number
  meanMs: number
}

/** @param samples in the order of the rounds, as many of the bare route as of each other work */
export const costsOf = (samples: readonly Sample[]): Cost[] => {
  const byWork = Map.groupBy(samples, ({ work }) => work)
  const bare = (byWork.get(bareName) ?? []).map(totalOf)
  return [...byWork].map(([work, own]) => {
    const ratios = own.map((sample, round) => totalOf(sample) / (bare[round] ?? Number.NaN))
    const names = Object.keys(own[0]?.cpuUs ?? {})
    return {
      work,
      totalUs: median(own.map(totalOf)),
      byProcess: Object.fromEntries(
        names.map((name) => [name, median(own.map(({ cpuUs }) => cpuUs[name] ?? 0))]),
      ),
      bareRoutes: {
        median: median(ratios),
        min: Math.min(...ratios),
        max: Math.max(...ratios),
      },
      allocated: median(own.map(({ allocated = Number.NaN }) => allocated)),
      counted: countedIn(own),
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      meanMs: median(own.map(({ meanMs }) => meanMs)),
    }
  })
}

const countedIn = (own: readonly Sample[]): Record<string, number> => {
  const names = new Set(own.flatMap(({ counted = {} }) => Object.keys(counted)))
  return Object.fromEntries(
    [...names].map((name) => [name, median(own.map(({ counted }) => counted?.[name] ?? 0))]),
  )
}

const totalOf = ({ cpuUs }: Sample): number =>
  Object.values(cpuUs).reduce((sum, each) => sum + each, 0)

const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((one, other) => one - other),
    0.5,
  )
