import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { writeFairness } from '../fairness/write-fairness.ts'
import { differencesOfOther } from '../verify-other.ts'

/** The pages of fairness and of the fault battery say what comes out of their raw rounds. */

const fairness = (t: Test): string => {
  const folder = t.testdir({})
  writeFairness(folder, {
    ...{ startedAt: '2026-01-01T00:00:00Z', commit: 'abc', seed: 1, machine: 'one', node: 'v26' },
    rounds: [{ variant: 'redis', buyers: 20, came: [9, 9], won: [9, 0], inversions: 0.25 }],
  })
  return folder
}

const faults = (t: Test, unknown: number): string => {
  const round = (of: object) => ({
    ...{ variant: 'redis', fault: 'freeze-postgres' },
    round: { broken: [], figures: { unknown: 2 }, ...of },
  })
  const rounds = [
    round({}),
    round({ void: 'over' }),
    round({ inconclusive: 'over' }),
    round({ broken: ['x'] }),
  ]
  const page = `| M1 | fault | held | void | broken | unknown |
| --- | --- | --: | --: | --: | --: |
| redis | freeze-postgres for 10 s | 1 | 2 | 1 | ${unknown} | 113 (201) |
`
  return t.testdir({ 'faults.json': JSON.stringify({ rounds }), 'faults.md': page })
}

const changed = (folder: string, file: string, from: string, to: string): string => {
  const path = join(folder, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  return folder
}

t.test('an unchanged page is correct', async (t) => {
  t.strictSame(differencesOfOther(fairness(t)), [])
  t.strictSame(differencesOfOther(faults(t, 4)), [])
})

t.test('a changed inversion rate is detected, in the page and in a round', async (t) => {
  t.equal(differencesOfOther(changed(fairness(t), 'fairness.md', '25.00', '5.00'))?.length, 2)
  t.equal(differencesOfOther(changed(fairness(t), 'fairness.json', '0.25', '0.05'))?.length, 2)
})

t.test('a page with another count of a fault is detected', async (t) => {
  t.equal(differencesOfOther(faults(t, 3))?.length, 2)
  t.equal(differencesOfOther(changed(faults(t, 4), 'faults.json', '["x"]', '[]'))?.length, 2)
})

/** The page with its row of the variant a second time. */
const withRowTwice = (folder: string, file: string): string => {
  const [row = ''] = /^\| redis .*\n/m.exec(readFileSync(join(folder, file), 'utf8')) ?? []
  return changed(folder, file, row, row + row)
}

t.test('a row that is on the page twice is detected', async (t) => {
  t.strictSame(differencesOfOther(withRowTwice(fairness(t), 'fairness.md')), [
    'fairness.md has 2 rows, the raw rounds give 1',
  ])
  t.strictSame(differencesOfOther(withRowTwice(faults(t, 4), 'faults.md')), [
    'faults.md has 2 rows, the raw rounds give 1',
  ])
})

t.test('a folder with neither is not handled', async (t) => {
  t.equal(differencesOfOther(t.testdir({})), undefined)
})
