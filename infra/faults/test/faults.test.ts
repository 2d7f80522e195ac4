import t from 'tap'
import { briefKinds, briefVariants, rowsOfKinds } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/**
 * One round for one kind of each group of faults, with two variants of M1. `each-kind.long.test.ts`
 * has all kinds with all variants in turn, `faults.long.test.ts` every combination.
 */

t.setTimeout(600_000)
const systems = openSystems(t)
const selected = { kinds: briefKinds, variants: briefVariants }
for (const row of rowsOfKinds({ seed: 1, requests: 150 }, selected))
  await runInTest(t, systems, row)
