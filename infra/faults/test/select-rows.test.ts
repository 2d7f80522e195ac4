import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import { faults, faultsOf, idOf } from '../faults.ts'
import { allKinds, allRows, brief, nameOf, rowsOfKinds } from '../select-rows.ts'

/** The selection of the rows that the tests run. */

const requests = 400

for (const [form, selected] of [
  ['short', brief],
  ['long', { kinds: allKinds, variants: variantsOf('M1') }],
] as const) {
  t.test(`the ${form} form has each of its kinds of fault and each of its variants`, async (t) => {
    const rows = rowsOfKinds({ seed: 1, requests }, selected)
    t.strictSame(rows.map(({ fault }) => fault.kind).sort(), [...selected.kinds].sort())
    t.strictSame(new Set(rows.map(({ variant }) => variant)), new Set(selected.variants))
    t.strictSame(rowsOfKinds({ seed: 2, requests }, selected).map(nameOf), rows.map(nameOf))
  })
}

t.test('the kinds of the short form exist', async (t) => {
  t.strictSame(
    brief.kinds.filter((kind) => !faults.some((fault) => fault.kind === kind)),
    [],
  )
})

t.test(
  'the long form has every fault with every variant, in an order that depends on the seed',
  async (t) => {
    const namesFor = (seed: number) => allRows({ seed, requests }).map(nameOf)
    const all = variantsOf('M1').flatMap((variant) =>
      faultsOf(variant).map((fault) => `${variant}, ${idOf(fault)}`),
    )
    t.strictSame(namesFor(7).toSorted(), all.toSorted())
    t.strictSame(namesFor(7), namesFor(7))
    t.notSame(namesFor(7), namesFor(8))
  },
)
