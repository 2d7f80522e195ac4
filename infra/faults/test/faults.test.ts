import t from 'tap'
import { briefRows } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/**
 * One round per kind of fault, with two variants of M1. `each-kind.long.test.ts` has each kind with
 * all variants in turn, `faults.long.test.ts` every combination.
 */

t.setTimeout(600_000)
const systems = openSystems(t)
for (const row of briefRows({ seed: 1, requests: 250 })) await runInTest(t, systems, row)
