import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hasPassed, lowest } from '../overload/judge.ts'
import type { Overload } from '../overload/overload.ts'
import { emptySecond, type Second } from '../overload/phases.ts'
import { writeRecord } from '../overload/record.ts'

const seconds = (...ordered: number[]): Second[] =>
  ordered.map((each) => ({ ...emptySecond(), sent: 100, ordered: each }))

const flawless: Overload = {
  ...{ peak: 120, beside: 100, generatorCores: 0.2, costs: { order: 2_000, rejection: 100 } },
  during: seconds(90, 90, 90, 90, 90, 90),
  storm: { seconds: seconds(50, 50, 50, 50, 50), costRatio: 0.9 },
  after: seconds(60, 100),
  broken: [],
}

t.test('the worst window is five seconds in a row', async (t) => {
  t.equal(lowest(seconds(100, 0, 100, 100, 100, 100, 0)), 80)
})

t.test('each missed target fails a system', async (t) => {
  t.ok(hasPassed(flawless))
  const failures: Partial<Overload>[] = [
    { during: seconds(90, 0, 90, 90, 90, 90) },
    { storm: { seconds: [], costRatio: 1.3 } },
    { after: seconds(100, 60) },
    { broken: ['a unit is missing'] },
  ]
  for (const failure of failures) t.notOk(hasPassed({ ...flawless, ...failure }))
})

t.test('a report has every second, and a page with a row for each system', async (t) => {
  const folder = t.testdir()
  const extent = {
    ...({ target: 'gateway', scenarios: 'h5,m6' } as const),
    ...{ seconds: 6, times: 5, retries: 3 },
  }
  const systems = [
    { variant: 'baseline', result: flawless },
    { variant: 'redis', result: { ...flawless, broken: ['a unit is missing'] } },
  ]
  writeRecord(folder, { startedAt: '2026-01-01T00:00:00.000Z', extent, systems })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  t.match(JSON.parse(read('overload.json')), { extent, systems, commit: /./, node: /^v/ })
  const page = read('overload.md')
  t.match(page, 'sent to gateway, with H5, M6;')
  t.match(page, '\n| baseline | met | 120 | 100 | 90 | 90 | 2000 | 100 | 0 | × 0.90 | 50 | 0 |\n')
  t.match(page, /\n\| redis \| missed \| .* \| 1 \|\n/)
})
