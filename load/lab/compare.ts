import Table from 'cli-table3'
import { readJournal } from './journal.ts'
import type { Comparison, Summary } from './summary.ts'
import { judge } from './verdict/judge.ts'

/**
 * Prints two sessions side by side. The difference between them may come from the code, the machine or
 * the day: only arms of one session are measured alternately, so this gives no verdict.
 */
export const besideEachOther = (one: string, other: string): string => {
  const sittings = [one, other].map((folder) => {
    const { header, records } = readJournal(folder)
    return judge(header, records)
  })
  const table = new Table({
    head: ['', one, other],
    style: { head: [], border: [] },
    wordWrap: true,
  })
  table.push(['scenario', ...sittings.map(({ run }) => run.id)])
  table.push(['commit', ...sittings.map(({ run }) => run.commit.slice(0, 12))])
  table.push(['begun', ...sittings.map(({ run }) => run.startedAt)])
  table.push(['machine', ...sittings.map(({ run }) => `${run.machine.cpu}, ${run.machine.kernel}`)])
  table.push(['restarts', ...sittings.map(({ restarts }) => restarts)])
  for (const arm of armsOf(sittings)) {
    table.push([arm, ...sittings.map((session) => verdictIn(session, arm))])
  }
  return `${table.toString()}\nTwo sittings are not a comparison: each verdict holds for its own.`
}

const armsOf = (sittings: readonly Summary[]): string[] => [
  ...new Set(sittings.flatMap(({ comparisons }) => comparisons.map(({ arm }) => arm))),
]

const verdictIn = ({ comparisons }: Summary, arm: string): string => {
  const found = comparisons.find((each: Comparison) => each.arm === arm)
  return found === undefined ? 'not measured' : found.verdict.sentence
}
