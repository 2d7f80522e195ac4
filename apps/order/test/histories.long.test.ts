import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { runHistories } from './histories/run-histories.ts'
import { openWorld, type WorldVariants } from './histories/world.ts'

/** Random histories, as in `histories.test.ts`, until the time limit; at least a thousand. */

const { seed, hasTime } = longRun(t)
const histories = 1_000

const worlds: readonly WorldVariants[] = [
  {},
  { M8: 'optimized' },
  { H2: 'optimized' },
  { H2: 'queue-first' },
]

for (let run = 0; run === 0 || hasTime(); run++) {
  const title = `no history with the seed ${seed + run} breaks an invariant or a response`
  await t.test(title, async (t) => {
    // A new database, because the check reads all orders in it.
    const shop = await openWorld(t, worlds[run % worlds.length])
    t.equal(await runHistories(shop, { seed: seed + run, histories }), '')
  })
}
