import Table from 'cli-table3'
import { readJournal } from './journal.ts'
import type { Comparison, Summary } from './summary.ts'
import { judge } from './verdict/judge.ts'

/**
 * Prints two sessions side by side. It gives no verdict: the difference may come from the code, the
 * machine or the day, because only arms of the same session are measured alternately.
 */
export const comparisonOf = (one: string, other: string): string => {
  const sessions = [one, other].map((folder) => {
    const { header, records } = readJournal(folder)
    return judge(header, records)
  })
  const table = new Table({
    head: ['', one, other],
    style: { head: [], border: [] },
    wordWrap: true,
  })
  table.push(['scenario', ...sessions.map(({ run }) => run.id)])
  table.push(['commit', ...sessions.map(({ run }) => run.commit.slice(0, 12))])
  table.push(['begun', ...sessions.map(({ run }) => run.startedAt)])
  table.push(['machine', ...sessions.map(({ run }) => `${run.machine.cpu}, ${run.machine.kernel}`)])
  table.push(['restarts', ...sessions.map(({ restarts }) => restarts)])
  for (const arm of armsOf(sessions)) {
    table.push([arm, ...sessions.map((session) => verdictIn(session, arm))])
  }
  return `${table.toString()}\nThis is not a comparison: a verdict holds only within its own session.`
}

const armsOf = (sessions: readonly Summary[]): string[] => [
  ...new Set(sessions.flatMap(({ comparisons }) => comparisons.map(({ arm }) => arm))),
]

const verdictIn = ({ comparisons }: Summary, arm: string): string => {
  const found = comparisons.find((each: Comparison) => each.arm === arm)
  return found === undefined ? 'not measured' : found.verdict.sentence
}
