import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { runHistories } from './histories/run-histories.ts'
import { openWorld } from './histories/world.ts'

/** Random histories, as in `histories.test.ts`, for as long as there is time; at least a thousand. */

const { seed, hasTime } = longRun(t)
const histories = 1_000

for (let run = 0; run === 0 || hasTime(); run++) {
  const title = `no history with the seed ${seed + run} breaks an invariant or a response`
  await t.test(title, async (t) => {
    // A new database, because the check reads all orders in it.
    const shop = await openWorld(t, run % 2 === 0 ? 'baseline' : 'optimized')
    t.equal(await runHistories(shop, { seed: seed + run, histories }), '')
  })
}
