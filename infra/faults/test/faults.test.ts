import t from 'tap'
import { briefRows } from '../draw.ts'
import { openBenches, playInTest } from './play-in-test.ts'

/** A round of each kind of fault, with each variant of M1; `faults.long.test.ts` has all of them. */

t.setTimeout(600_000)
const systems = openBenches(t)
for (const row of briefRows({ seed: 1, requests: 250 })) await playInTest(t, systems, row)
