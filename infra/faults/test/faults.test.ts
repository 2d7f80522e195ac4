import t from 'tap'
import { brief, rowsOfKinds } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/**
 * A process is killed, a process hangs, and messages are lost, one round each. `each-kind.long.test.ts`
 * has all kinds of faults with all variants of M1 in turn, `faults.long.test.ts` every combination.
 */

t.setTimeout(600_000)
const systems = openSystems(t)
for (const row of rowsOfKinds({ seed: 1, requests: 120 }, brief)) await runInTest(t, systems, row)
