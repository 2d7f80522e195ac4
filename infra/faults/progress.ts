import { type Row, type RowSoFar, roundsLeft } from './suite.ts'

/** How far a run is, and how long the rest of it may take. */

/** @param rows all of the run */
export const progressOf = (rows: readonly RowSoFar[]): string => {
  const done = rows.flatMap(({ row, played }) => played.map((each) => ({ row, ...each })))
  const open = rows.map((each) => ({ row: each.row, rounds: roundsLeft(each) }))
  const left = sum(open.map(({ rounds }) => rounds))
  const nth = `${done.length + 1} of ${done.length + left}`
  if (done.length === 0) return nth
  const besideMs = sum(done.map(({ row, tookMs }) => tookMs - lastsMsOf(row))) / done.length
  const leftMs = sum(open.map(({ row, rounds }) => rounds * (besideMs + lastsMsOf(row))))
  return `${nth}, about ${Math.ceil(leftMs / 60_000)} min left`
}

/** What is known beforehand of the time that a round takes. */
const lastsMsOf = ({ fault, form }: Row): number => fault.lastsMs?.[form] ?? 0

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
