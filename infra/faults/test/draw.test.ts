import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import type { Row } from '../battery.ts'
import { drawRows } from '../draw.ts'
import { faultsOf, idOf } from '../faults.ts'

/** Which faults a run of the tests has. */

const extent = { count: 20, requests: 400 }
const nameOf = ({ variant, fault }: Row): string => `${variant} ${idOf(fault)}`
const namesFor = (seed: number): string[] => drawRows(seed, extent).map(nameOf)

t.test('the same seed draws the same rows, each once', async (t) => {
  t.strictSame(namesFor(7), namesFor(7))
  t.notSame(namesFor(7), namesFor(8))
  t.equal(new Set(namesFor(7)).size, extent.count)
})

t.test('every row of the table has its turn', async (t) => {
  const drawn = new Set(Array.from({ length: 300 }, (_, seed) => namesFor(seed)).flat())
  const all = variantsOf('M1').flatMap((variant) =>
    faultsOf(variant).map((fault) => `${variant} ${idOf(fault)}`),
  )
  t.strictSame(new Set(all).difference(drawn), new Set())
})
