import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableMarkdown } from '@flash-deal/local/markdown-table'
import type { Fairness } from './fairness/record.ts'
import { fairnessTable } from './fairness/report.ts'

/**
 * `verify` for what is not a comparison of arms: the page of a run of `fairness` or of `npm run
 * faults` says again what comes out of its raw rounds.
 */

/** What a page does not say as its rounds do, a sentence each; undefined for any other folder. */
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

/** A row is named by its first cells; the page has those rows, each once, and no others. */
const differencesIn = (folder: string, name: string, wanted: readonly Row[]): string[] => {
  const page = readFileSync(join(folder, `${name}.md`), 'utf8')
  const written = rowsOf(page)
  const missing = wanted.filter((row) => !written.some((each) => beginsWith(each, row)))
  const more = written.filter((row) => !wanted.some((each) => beginsWith(row, each)))
  return [
    ...missing.map((row) => `${name}.md does not say what comes out: ${row.join(' | ')}`),
    ...more.map((row) => `${name}.md says what does not come out: ${row.join(' | ')}`),
  ]
}

type Row = readonly string[]

/** A fault is named by its first word; the page says more of it: `freeze-postgres for 10 s`. */
const beginsWith = (row: Row, beginning: Row): boolean =>
  beginning.every((cell, at) => row[at] === cell || (at === 1 && row[at]?.split(' ')[0] === cell))

/** Of all tables of a page, without their heads. */
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

/** As infra/faults writes it: a round is broken, inconclusive (`void` in older runs), or it held. */
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
