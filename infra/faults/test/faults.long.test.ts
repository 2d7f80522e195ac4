import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { allRows, nameOf } from '../draw.ts'
import { openBenches, playInTest } from './play-in-test.ts'

/** All faults with all variants of M1 in a random order, a round each, for as long as there is time. */

const { seed, hasTime } = longRun(t)
const systems = openBenches(t)
for (const row of allRows({ seed, requests: 400 })) {
  if (hasTime()) await playInTest(t, systems, row)
  else t.comment(`Not played, because the time is over: ${nameOf(row)}`)
}
