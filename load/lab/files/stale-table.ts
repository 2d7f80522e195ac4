import Table from 'cli-table3'
import { type Result, readResults } from '../docs/results.ts'
import { subjects } from '../subjects/index.ts'
import { linesSince, staleOnes } from './stale.ts'

/** `npm run lab -- stale`: outdated results, most changed first, then variants without a result. */
export const staleTable = (root: string): string => {
  const newest = newestOfEach(readResults(root))
  const table = new Table({
    head: ['measurement', 'variant', 'lines changed since', 'measured in'],
    style: { head: [], border: [] },
  })
  for (const { measurement, arm, lines, name } of staleOnes(newest, linesSince(root))) {
    table.push([measurement, arm, lines ?? 'unknown', name])
  }
  const measured = new Set(newest.map(({ measurement }) => measurement))
  for (const { name } of subjects.filter((each) => !measured.has(each.name))) {
    table.push([name, '', 'never measured', ''])
  }
  return table.toString()
}

const newestOfEach = (results: readonly Result[]): Result[] =>
  [...Map.groupBy(results, ({ measurement }) => measurement).values()].flatMap(
    ([newest]) => newest ?? [],
  )
