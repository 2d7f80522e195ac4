import t from 'tap'
import { briefRows } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/** One round per kind of fault; each variant of M1 occurs. `faults.long.test.ts` runs every combination. */

t.setTimeout(600_000)
const systems = openSystems(t)
for (const row of briefRows({ seed: 1, requests: 250 })) await runInTest(t, systems, row)
