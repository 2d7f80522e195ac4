import type { Arm, Header, RestartEnd, Slice } from '../record.ts'
import { type Circumstances, type Precondition, preconditions } from './preconditions.ts'
import type { Trend } from './trends.ts'

/** Which slices count, and whether enough of them do. */

/** A slice that does not count, and the first reason. */
export type Refused = { slice: Slice; precondition: Precondition; reason: string }

export type Sorted = { valid: Slice[]; refused: Refused[] }

/** An arm is invalid if a larger share of its slices does not count. */
const refusedLimit = 0.1

/**
 * The limit including slices that other programs disturbed. They do so by chance in any arm, so more
 * of them are allowed; an arm that causes such a load has it in most of its slices.
 */
const disturbedLimit = 0.25

/** The measured slices, divided into those that count and those that do not. */
export const sortSlices = (header: Header, slices: readonly Slice[]): Sorted => {
  const warmUps = Map.groupBy(
    slices.filter(({ phase }) => phase === 'warm-up'),
    placeOf,
  )
  const sorted: Sorted = { valid: [], refused: [] }
  for (const slice of slices.filter(({ phase }) => phase === 'measured')) {
    const refused = refusalOf(slice, {
      header,
      arm: armOf(header, slice),
      warmUp: warmUps.get(placeOf(slice)) ?? [],
    })
    if (refused) sorted.refused.push(refused)
    else sorted.valid.push(slice)
  }
  return sorted
}

const placeOf = ({ restart, arm }: Slice): string => `${restart} ${arm}`

const armOf = ({ arms }: Header, slice: Slice): Arm => {
  const arm = arms.find(({ name }) => name === slice.arm)
  if (!arm) throw new RangeError(`A slice names the arm ${slice.arm}, which the header does not`)
  return arm
}

const refusalOf = (slice: Slice, circumstances: Circumstances): Refused | undefined => {
  for (const precondition of preconditions) {
    const reason = precondition.broken(slice, circumstances)
    if (reason !== undefined) return { slice, precondition, reason }
  }
  return undefined
}

/**
 * Why an arm's slices cannot be used, one sentence for each precondition; empty if they can.
 *
 * @param costTrends by arm: an arm whose cost has a trend over the blocks of all restarts was not
 * warm, or its data grew
 */
export const faultsOfArm = (
  { name }: Pick<Arm, 'name'>,
  sorted: Sorted,
  costTrends: ReadonlyMap<string, Trend>,
): string[] => [...faultsOfSlices(name, sorted), ...faultsOfTrend(name, costTrends.get(name))]

const faultsOfTrend = (name: string, trend: Trend | undefined): string[] => {
  if (!trend?.isFound) return []
  const percent = Math.abs((trend.change - 1) * 100).toFixed(0)
  return [
    `${name}: CPU for a unit of work ${trend.change < 1 ? 'fell' : 'rose'} by ${percent} % from the first block to the last of a restart (p ${trend.adjustedP.toPrecision(1)}, ${trend.restarts} restarts)`,
  ]
}

const faultsOfSlices = (name: string, { valid, refused }: Sorted): string[] => {
  const mine = refused.filter(({ slice }) => slice.arm === name)
  const all = mine.length + valid.filter(({ arm }) => arm === name).length
  if (all === 0) return [`${name} has no slices`]
  const own = mine.filter(({ precondition }) => !precondition.isOfOthers)
  const tooMany = own.length > all * refusedLimit || mine.length > all * disturbedLimit
  const reasons = Map.groupBy(mine, ({ precondition }) => precondition)
  return [...reasons]
    .filter(([{ costs }]) => tooMany || costs === 'arm')
    .map(([, [first, ...more]]) => {
      const times = `${1 + more.length} of ${all} slices`
      return `${name}: ${first?.reason} (${times}${more.length > 0 ? '; the first is named' : ''})`
    })
}

/** Why a run is invalid because of its data, one sentence each. */
export const faultsAtRest = (
  { checksInvariants }: Header,
  slices: readonly Slice[],
  ends: readonly RestartEnd[],
): string[] => {
  const violations = ends.flatMap(({ restart, violations }) =>
    violations.map((breach) => `after restart ${restart + 1}: ${breach}`),
  )
  const checked = new Set(ends.map(({ restart }) => restart))
  const unchecked = checksInvariants
    ? [...new Set(slices.map(({ restart }) => restart))].filter((restart) => !checked.has(restart))
    : []
  return [
    ...violations,
    ...unchecked.map((restart) => `the invariants were not checked after restart ${restart + 1}`),
  ]
}
