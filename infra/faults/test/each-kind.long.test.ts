import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import { allKinds, rowsOfKinds } from '../select-rows.ts'
import { openSystems, runInTest } from './run-in-test.ts'

/** One round per kind of fault, always the same; each variant of M1 occurs. */

t.setTimeout(900_000)
const systems = openSystems(t)
const selected = { kinds: allKinds, variants: variantsOf('M1') }
for (const row of rowsOfKinds({ seed: 1, requests: 250 }, selected)) {
  await runInTest(t, systems, row)
}
