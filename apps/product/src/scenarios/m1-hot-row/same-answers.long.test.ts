import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { responsesAreEqual } from '../../../test/same-responses.ts'

/** Random histories, for as long as there is time. */

const { seed, hasTime } = longRun(t)

for (let run = 0; run === 0 || hasTime(); run++) {
  await t.test(`with the seed ${seed + run}`, (t) =>
    responsesAreEqual(t, { seed: seed + run, histories: 30 }),
  )
}
