import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openJournal, readJournal } from '../journal.ts'
import type { RawRecord } from '../record.ts'
import { judge } from '../verdict/judge.ts'
import { header, simulated } from '../verdict/test/simulate.ts'
import { verify } from '../verify.ts'

/** What is written of a run can be judged again by anybody. */

const run = header()
const records = simulated({})

/** A folder as the runner leaves it. */
const folderWith = (t: Test, all: readonly RawRecord[]): string => {
  const folder = t.testdir({})
  const journal = openJournal(folder, [run])
  for (const record of all) journal.write(record)
  journal.close()
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(judge(run, records)))
  return folder
}

t.test('writing and reading raw slices does not change them', async (t) => {
  t.strictSame(readJournal(folderWith(t, records)), { header: run, records })
})

t.test('raw slices give the summary to the last digit', async (t) => {
  t.strictSame(verify(folderWith(t, records)).differences, [])
})

t.test('a slice that was changed by 0.1 % is detected', async (t) => {
  const changed = records.map((record, index) =>
    record.kind === 'slice' && index === records.length - 2
      ? { ...record, completed: record.completed * 1.001 }
      : record,
  )
  t.not(verify(folderWith(t, changed)).differences.length, 0)
})

t.test('a removed slice is detected', async (t) => {
  t.not(verify(folderWith(t, records.slice(0, -2))).differences.length, 0)
})

t.test('a changed count is detected', async (t) => {
  const withCount = (buffers: number): RawRecord[] => [
    {
      kind: 'counted',
      table: 'What a query reads',
      row: 'a page',
      plan: { 'Node Type': 'Seq Scan', 'Shared Hit Blocks': buffers },
      per: 1,
      also: {},
    },
    ...records,
  ]
  const folder = folderWith(t, withCount(7))
  const summary = judge(run, withCount(8))
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary))
  t.strictSame(verify(folder).differences, [
    'summary.counted.0.rows.0.counts.buffers: 8 is stored, the raw slices give 7',
  ])
})

t.test('a folder without a run is an error with a clear message', async (t) => {
  t.throws(() => verify(t.testdir({})), { message: /no raw slices/ })
})
