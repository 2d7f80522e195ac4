import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { allRows, nameOf } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/** All faults with all variants of M1 in a random order, one round each, until the time limit. */

const { seed, hasTime } = longRun(t)
const systems = openSystems(t)
for (const row of allRows({ seed, requests: 400 })) {
  if (hasTime()) await runInTest(t, systems, row)
  else t.comment(`Not run, because the time limit is reached: ${nameOf(row)}`)
}
