import { type Row, type RowProgress, roundsLeft } from './suite.ts'

/** Progress of a run and an estimate of the remaining time. */

/** @param rows all rows of the run */
export const progressOf = (rows: readonly RowProgress[]): string => {
  const done = rows.flatMap(({ row, results }) => results.map((each) => ({ row, ...each })))
  const open = rows.map((each) => ({ row: each.row, rounds: roundsLeft(each) }))
  const left = sum(open.map(({ rounds }) => rounds))
  const nth = `${done.length + 1} of ${done.length + left}`
  if (done.length === 0) return nth
  const averageMs = sum(done.map(({ row, tookMs }) => tookMs - lastsMsOf(row))) / done.length
  const leftMs = sum(open.map(({ row, rounds }) => rounds * (averageMs + lastsMsOf(row))))
  return `${nth}, about ${Math.ceil(leftMs / 60_000)} min left`
}

/** The part of a round's duration that is known in advance. */
const lastsMsOf = ({ fault, form }: Row): number => fault.lastsMs?.[form] ?? 0

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
