import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import { briefRows } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/** One round per kind of fault, always the same; each variant of M1 occurs. */

t.setTimeout(900_000)
const systems = openSystems(t)
for (const row of briefRows({ seed: 1, requests: 250 }, variantsOf('M1'))) {
  await runInTest(t, systems, row)
}
