import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableMarkdown } from '@flash-deal/local/markdown-table'
import type { Fairness } from './fairness/record.ts'
import { fairnessTable } from './fairness/report.ts'

/**
 * `verify` for runs of `fairness` and of `npm run faults`: checks that the raw rounds give the table
 * on the page of the run.
 */

/** One sentence for each difference between a page and its rounds; undefined for any other folder. */
export const differencesOfOther = (folder: string): string[] | undefined => {
  if (existsSync(join(folder, 'fairness.json'))) {
    return differencesIn(folder, 'fairness', fairnessRows(read<Fairness>(folder, 'fairness')))
  }
  if (existsSync(join(folder, 'faults.json'))) {
    return differencesIn(folder, 'faults', faultRows(read<Faults>(folder, 'faults')))
  }
  return undefined
}

const read = <Document>(folder: string, name: string): Document =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Document

/** The page must have exactly the rows that the rounds give, each once. */
const differencesIn = (folder: string, name: string, wanted: readonly Row[]): string[] => {
  const page = readFileSync(join(folder, `${name}.md`), 'utf8')
  const written = rowsOf(page)
  const missing = wanted.filter((row) => !written.some((each) => beginsWith(each, row)))
  const more = written.filter((row) => !wanted.some((each) => beginsWith(row, each)))
  const counts = `${name}.md has ${written.length} rows, the raw rounds give ${wanted.length}`
  return [
    ...(written.length === wanted.length ? [] : [counts]),
    ...missing.map((row) => `${name}.md lacks this row of the raw rounds: ${row.join(' | ')}`),
    ...more.map(
      (row) => `${name}.md has a row that the raw rounds do not give: ${row.join(' | ')}`,
    ),
  ]
}

type Row = readonly string[]

/** The first word names the fault; the page adds details: `freeze-postgres for 10 s`. */
const beginsWith = (row: Row, beginning: Row): boolean =>
  beginning.every((cell, at) => row[at] === cell || (at === 1 && row[at]?.split(' ')[0] === cell))

/** The rows of all tables of a page, without their heads. */
const rowsOf = (page: string): Row[] =>
  page
    .split('\n')
    .filter((line, at, lines) => line.startsWith('|') && isBody(lines, at))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )

const isRule = (line = ''): boolean => /^\|[ :|-]+\|$/.test(line)
const isBody = (lines: readonly string[], at: number): boolean =>
  !isRule(lines[at]) && !isRule(lines[at + 1])

const fairnessRows = (run: Fairness): Row[] => rowsOf(tableMarkdown(fairnessTable(run)))

/** A round in the journal of infra/faults: broken, inconclusive (`void` in older runs), or held. */
type Faults = {
  rounds: readonly {
    variant: string
    fault: string
    round: {
      broken: readonly string[]
      inconclusive?: string
      void?: string
      figures?: { unknown: number }
    }
  }[]
}

/** Variant, fault, then held, inconclusive, broken and unknown outcomes. */
const faultRows = ({ rounds }: Faults): Row[] => {
  const rows = Map.groupBy(rounds, ({ variant, fault }) => `${variant} ${fault}`)
  return [...rows.values()].flatMap((same) => {
    const [first] = same
    return first ? [[first.variant, first.fault, ...countsOf(same).map(String)]] : []
  })
}

const countsOf = (rounds: Faults['rounds']): number[] => {
  const verdicts = rounds.map(verdictOf)
  const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
  const counted = rounds.filter(({ round }) => (round.inconclusive ?? round.void) === undefined)
  const unknown = counted.reduce((sum, { round }) => sum + (round.figures?.unknown ?? 0), 0)
  return [count('held'), count('inconclusive'), count('broken'), unknown]
}

const verdictOf = ({ round }: Faults['rounds'][number]): string => {
  if (round.broken.length > 0) return 'broken'
  return (round.inconclusive ?? round.void) === undefined ? 'held' : 'inconclusive'
}
